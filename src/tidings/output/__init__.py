"""Bytes to the output folder: the last step of a build, and the only one that writes `site/`.

A build goes through it in this order:

1. `guard.refuse_output`: is this a folder that a build may write to at all?
2. `lock.locked`: one build per output folder at a time.
3. `manifest.read_manifest`: what earlier builds left, a killed one included.
4. `manifest.look_at_files`, `intact_files`: which of those are still as they were left.
5. `write.write_site`: write what changed, delete what no longer belongs, remember the rest.

`assets.hash_assets` stands apart: it names files after their bytes and touches no disk.
"""
