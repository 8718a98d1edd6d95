"""The only composer: runs the steps in their order and says how it went."""
