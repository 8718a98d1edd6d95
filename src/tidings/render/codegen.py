# ruff: noqa: N802 (methods are named as Jinja names them)
"""Templates as quick Python: what Jinja's compiler writes, with shortcuts. Part of rendering.

Jinja lets an environment bring its own code generator. This one writes code that is right for
what templates nearly always do, and that raises where they do anything else: the page is then
rendered once more by Jinja's own code (`html.py`), which alone decides what is right and what
an error is called. So a shortcut may fail, but it must never give another text.

- An attribute is read as one. Jinja would look for an item of that name next.
- A text is escaped by markupsafe's C function and joined as it is, with no `Markup` around it.
- A macro with plain parameters is called as the function that it is (`runtime.QuickMacro`).
- Templates and blocks gather their text in lists instead of passing on every piece of it.
"""

from __future__ import annotations

import keyword
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef

from tidings.render.filters import WrongValueError
from tidings.render.shown import refuse_textless

CHANGEABLE = (
    nodes.Block,
    nodes.CallBlock,
    nodes.EvalContextModifier,
    nodes.FromImport,
    nodes.Import,
    nodes.Include,
    nodes.NSRef,
)
"""What a macro must not contain if its text is to follow from its arguments alone."""


class CarefulGenerator(CodeGenerator):
    """Writes the code of one template as Jinja does, but for values that have no text: those
    are told by the page that shows them, also where they are the same on every page."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: Any) -> str:
        try:
            refuse_textless(node.as_const(frame.eval_ctx))
        except WrongValueError:
            raise nodes.Impossible from None
        return super()._output_child_to_const(node, frame, finalize)


class QuickGenerator(CarefulGenerator):
    """Writes the quick code of one template."""

    _direct: nodes.Expr | None = None
    """The call being written whose macro's text needs no escaping."""
    _may_lack: nodes.Expr | None = None
    """What a filter or test takes even where it is undefined, as Jinja's way alone can tell."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        self.writeline(
            "from tidings.render.runtime import QuickMacro, escape_other, escape_text"
        )
        super().visit_Template(node, frame)

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        if _is_outermost(frame):
            self.buffer(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        if _is_outermost(frame) and with_python_scope:
            self.writeline(f"yield concat({frame.buffer})")
        super().leave_frame(frame, with_python_scope)

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:
        special = node.required or node.scoped or (frame.toplevel and self.extends_so_far)
        if special or frame.buffer is None:
            super().visit_Block(node, frame)
            return
        block = f"context.blocks[{node.name!r}][0]({self.get_context_ref()})"
        self.writeline(f"{frame.buffer}.extend({block})", node)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:
        name = node.template.value if isinstance(node.template, nodes.Const) else None
        plain = isinstance(name, str) and node.with_context and not node.ignore_missing
        if not plain or frame.buffer is None:
            super().visit_Include(node, frame)
            return
        self.writeline(
            f"{frame.buffer}.extend(environment.get_template({name!r}).pieces(context,"
            f" {self.dump_local_context(frame)}))",
            node,
        )

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        lacking, self._may_lack = self._may_lack, None
        if node is lacking or not _is_attribute(node):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        if isinstance(node.node, nodes.Name):
            # What is missing here has no attributes, so that reading one fails.
            self.write(frame.symbols.ref(node.node.name))
        else:
            self.visit(node.node, frame)
        self.write(f").{node.attr}")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:
        if node.name in ("default", "d"):
            self._may_lack = node.node
        super().visit_Filter(node, frame)

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:
        if node.name in ("defined", "undefined"):
            self._may_lack = node.node
        super().visit_Test(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        plain = not (forward_caller or node.kwargs or node.dyn_args or node.dyn_kwargs)
        if plain and isinstance(node.node, nodes.Getattr) and _is_attribute(node.node):
            # Methods of texts and loops, and macros of a module: none asks for the context.
            self.visit(node.node, frame)
            self.write("(")
            self._visit_arguments(node, frame)
            self.write(")")
            return
        if node is not self._direct:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self._direct = None
        assert isinstance(node.node, nodes.Name)
        self.write("(_macro.quick(")
        self._visit_arguments(node, frame)
        for named in node.kwargs:
            self.write(f"l_1_{named.key}=")
            self.visit(named.value, frame)
            self.write(", ")
        reference = frame.symbols.ref(node.node.name)
        self.write(f") if type(_macro := {reference}) is QuickMacro else escape_other(")
        super().visit_Call(node, frame, forward_caller=forward_caller)
        self.write("))")

    def _visit_arguments(self, node: nodes.Call, frame: Frame) -> None:
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        elif _is_simple_call(node):
            self._direct = node
        else:
            self.write("(escape_text(_text) if type(_text := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
        elif not _is_simple_call(node):
            self.write(") is str else escape_other(_text))")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        node = macro_ref.node
        special = (
            macro_ref.accesses_caller
            or macro_ref.accesses_kwargs
            or macro_ref.accesses_varargs
            or not isinstance(node, nodes.Macro)
            or frame.eval_ctx.volatile
            or not frame.eval_ctx.autoescape
            # Calls by name count on macros that stand in no block, loop or other macro.
            or not all(frame.symbols.ref(one.name) == f"l_1_{one.name}" for one in node.args)
        )
        if special or not isinstance(node, nodes.Macro):
            super().macro_def(macro_ref, frame)
            return
        arguments = tuple(one.name for one in node.args)
        self.write(
            f"QuickMacro(environment, macro, {node.name!r}, {arguments!r}, {_reads(node)!r},"
            f" {_weight(node)}, context.eval_ctx.autoescape)"
        )


def _is_outermost(frame: Frame) -> bool:
    """Whether it is that of a whole template or of a block."""
    return frame.parent is None and (frame.rootlevel or frame.block_frame)


def _is_attribute(node: nodes.Getattr) -> bool:
    """Whether it may be read as an attribute. Jinja keeps blocks in `self` as items."""
    base = node.node
    special = isinstance(base, nodes.Const) or (
        isinstance(base, nodes.Name) and base.name == "self"
    )
    return _is_plain(node.attr) and not special


def _is_plain(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_") and not keyword.iskeyword(name)


def _is_simple_call(node: nodes.Expr) -> bool:
    """Whether a macro may be called by name, with its arguments written out twice."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.dyn_args is None
        and node.dyn_kwargs is None
        and all(_is_plain(named.key) for named in node.kwargs)
        and not any(
            argument.find(nodes.Call) or isinstance(argument, nodes.Call)
            for argument in (*node.args, *node.kwargs)
        )
    )


def _reads(macro: nodes.Macro) -> tuple[str, ...] | None:
    """Names that the macro takes from around it, sorted; None where it may depend on more.

    Names that it sets itself are among them, since it may read one before it sets it.
    """
    if any(True for _ in macro.find_all(CHANGEABLE)):
        return None
    own = {argument.name for argument in macro.args}
    names = {node.name for node in macro.find_all(nodes.Name) if node.ctx == "load"}
    return tuple(sorted(names - own))


def _weight(macro: nodes.Macro) -> int:
    """How much the macro does: its outputs, and each call for ten."""
    outputs = sum(len(node.nodes) for node in macro.find_all(nodes.Output))
    return outputs + 10 * sum(1 for _ in macro.find_all(nodes.Call))
