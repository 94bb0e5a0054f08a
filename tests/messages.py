"""Finds every string marked for translation, in Python and in templates, without the gettext tools.

`make messages` (this module run as a program) brings the catalogue up to date: new strings are added for somebody to
translate, strings no longer used go, and the compiled catalogue is written anew.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import polib
from django.conf import settings
from django.template import engines
from django.template.base import FilterExpression, Node, NodeList, Template, TextNode, Variable
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.functional import Promise

APPS = ("config", "foundation", "branches", "activities", "reports")
# function → positions of context, singular, plural
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    name: shape
    for names, shape in (
        (("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
        (("ngettext", "ngettext_lazy"), (None, 0, 1)),
        (("pgettext", "pgettext_lazy"), (0, 1, None)),
        (("npgettext", "npgettext_lazy"), (0, 1, 2)),
    )
    for name in names
}


CATALOGUE = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


@dataclass(frozen=True)
class Message:
    msgid: str
    plural: str = ""
    context: str = ""


def in_project() -> dict[Message, str]:
    """Every message and one place where it stands."""
    found: dict[Message, str] = {}
    for path in python_files():
        for message in _in_python(path):
            found.setdefault(message, str(path.relative_to(settings.BASE_DIR)))
    for name, template in templates():
        for message in _in_nodes(template.nodelist):
            found.setdefault(message, name)
    return found


def python_files() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def templates() -> Iterator[tuple[str, Template]]:
    root = settings.BASE_DIR / "templates"
    for path in sorted(root.rglob("*.*")):
        if path.suffix in (".html", ".txt"):
            name = str(path.relative_to(root))
            yield f"templates/{name}", engines["django"].get_template(name).template


def texts(nodes: NodeList) -> Iterator[str]:
    """The literal text of a template, outside of every tag."""
    for node in _walk(nodes):
        if isinstance(node, TextNode):
            yield node.s


def _in_python(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in CALLS:
            continue
        context, singular, plural = CALLS[name]
        values = [arg.value if isinstance(arg, ast.Constant) else "" for arg in node.args]
        literal = [value if isinstance(value, str) else "" for value in values]
        if len(literal) <= singular or not literal[singular]:
            continue
        yield Message(
            literal[singular],
            literal[plural] if plural is not None else "",
            literal[context] if context is not None else "",
        )


def _in_nodes(nodes: NodeList) -> Iterator[Message]:
    for node in _walk(nodes):
        if isinstance(node, TranslateNode):
            text = node.filter_expression.var
            msgid = text.literal if isinstance(text, Variable) else text
            if isinstance(msgid, str):
                yield Message(msgid, context=_literal(node.message_context))
            continue  # rendering marks its expression as translated, without the context
        if isinstance(node, BlockTranslateNode):
            singular, _vars = node.render_token_list(node.singular)
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            if node.trimmed:
                singular, plural = _trim(singular), _trim(plural)
            yield Message(singular, plural, _literal(node.message_context))
        for expression in vars(node).values():
            yield from _in_expression(expression)


def _in_expression(value: object) -> Iterator[Message]:
    if isinstance(value, FilterExpression):
        yield from _in_expression(value.var)
        for _function, arguments in value.filters:
            for is_variable, argument in arguments:
                if is_variable:
                    yield from _in_expression(argument)
                elif isinstance(argument, Promise):  # join:_(", ")
                    yield Message(argument._args[0])  # type: ignore[attr-defined]
    elif isinstance(value, Variable) and value.translate and isinstance(value.literal, str):
        yield Message(value.literal)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _in_expression(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _in_expression(item)


def _walk(nodes: NodeList) -> Iterator[Node]:
    for node in nodes:
        yield node
        for name in ("nodelist", "nodelist_true", "nodelist_false", "nodelist_loop", "nodelist_empty"):
            yield from _walk(getattr(node, name, None) or NodeList())
        for _condition, branch in getattr(node, "conditions_nodelists", []):
            yield from _walk(branch)


def _literal(expression: FilterExpression | None) -> str:
    if expression is None:
        return ""
    return expression.var if isinstance(expression.var, str) else str(expression.var.literal or "")


def _trim(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines() if line.strip()) if text else ""


def bring_up_to_date() -> list[str]:
    """Write the catalogue and its compiled form anew; returns the strings that wait for a translation."""
    old = polib.pofile(str(CATALOGUE))
    new = polib.POFile()
    new.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "zh_Hans",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for message, place in sorted(in_project().items(), key=lambda item: (item[1], item[0].msgid, item[0].context)):
        known = old.find(message.msgid, msgctxt=message.context or None)
        entry = polib.POEntry(msgid=message.msgid, msgctxt=message.context or None, occurrences=[(place, "")])
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: known.msgstr_plural.get(0, "") if known else ""}
        else:
            entry.msgstr = known.msgstr if known else ""
        new.append(entry)
    new.save(str(CATALOGUE))
    new.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return [entry.msgid for entry in new if not (entry.msgstr or entry.msgstr_plural.get(0))]


if __name__ == "__main__":
    django.setup()
    for waiting in bring_up_to_date():
        print(f"not translated: {waiting}")  # noqa: T201
