"""Runs the rules over one note."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial
from traceback import walk_tb

import msgspec
from msgspec.structs import replace

from mkcards.config import RULES, Config
from mkcards.data import SILENCED, Block, Candidate, Note, NoteCards, walk
from mkcards.diagnostics import Diagnostic, Severity
from mkcards.footnotes import with_footnotes
from mkcards.language import chinese, detect
from mkcards.links import is_field
from mkcards.material import is_plan, is_recipe
from mkcards.nocard import NO_CARD, section_end, without_silenced
from mkcards.own_questions import OWN_QUESTION, reworded
from mkcards.phrase_tables import LANGUAGES, NEUTRAL
from mkcards.phrasing import Phrases, is_cjk, phrases
from mkcards.plugin_cards import MARKS, may_hold, without_plugin_cards
from mkcards.question_titles import names_nothing
from mkcards.rule import Finding, Look, Place, Refusal
from mkcards.rules import installed
from mkcards.silence import silences, unknown_codes
from mkcards.syntax.inline import plain, without
from mkcards.syntax.references import may_show, references
from mkcards.titles import file_name

_DRAWING = "excalidraw-plugin"
IN_PLANS = ("highlighted-question", "bold-definition")
"""The rules that read a plan, too: the mark of one is set on purpose, the other wants a sentence that defines."""
_GENERIC = ("definition_words", "definition_kinds", "empty_labels", "skip_headings", "list_nouns", "singular_nouns")
"""The lists of headings that name no note."""
_NO_PROSE = ("code", "math", "html", "comment")


def extract(note: Note, config: Config) -> NoteCards:
    """Return the cards of a note in reading order, and what a person should know about it. Never raises.

    A crash inside a rule costs that rule's cards in this note and becomes a diagnostic that names both.
    """
    return explain(note, config)[0]


def explain(note: Note, config: Config) -> tuple[NoteCards, tuple[Refusal, ...]]:
    """Return what `extract` returns, and why the rules made no card of the places that they looked at."""
    every = tuple(walk(note.blocks))
    whole = "\n".join([block.text for block in every])
    remarks = "\n".join([remark for block in every for remark in block.remarks])
    silenced = tuple(silences(note)) if "ignore" in remarks.lower() else ()
    cards = NoteCards(note.path, note.title, note.note_id, note.deck, note.tags, silences=silenced)
    reason = _unread(note, every, whole)
    if reason:
        return cards, (Refusal("note", 1, reason),)
    if may_show(whole):
        cards = replace(cards, references=tuple(references(every)))
    language = _language(note, every, config)
    table = phrases_of(language, config)
    note = _titled(note, table)
    cards = replace(cards, language=language, title=note.title)
    refusals: list[Refusal] = []
    skips = partial(is_skipped, names=_skipped(config, table), table=table)
    blocks = without_silenced(note.blocks) if NO_CARD.search(remarks) else note.blocks
    blocks = without_plugin_cards(blocks) if may_hold(whole) else blocks
    places = list(_places(blocks, None, skips, refusals))
    look = Look(note, table, places, config.reverse, config.heading_labels, refusals=refusals)
    if is_recipe(look):
        return cards, (Refusal("note", 1, "it is a recipe"),)
    plan = is_plan(every)
    if plan:
        reason = "it is a plan, of tasks; only highlighted questions and sentences that define are asked"
        refusals.append(Refusal("note", 1, reason))
    found, diagnostics = _run(look, config, only=IN_PLANS if plan else ())
    if OWN_QUESTION.search(remarks):
        found, unasked = reworded(note, blocks, found)
        diagnostics += unasked
    kept = sorted(_distinct(note, found, diagnostics), key=lambda card: (card.label_line, card.line))
    diagnostics += unknown_codes(note) if silenced else ()
    diagnostics.sort(key=lambda one: one.line)
    cards = replace(cards, candidates=tuple(with_footnotes(kept, every)), diagnostics=tuple(diagnostics))
    return cards, tuple(sorted(refusals, key=lambda refusal: refusal.line))


def _titled(note: Note, table: Phrases) -> Note:
    """Return a note by the name of its file when its title is its one `#` heading, and only says what stands below."""
    generic = any(note.title.casefold().strip(" :") in table.words(key) for key in _GENERIC)
    generic = generic or names_nothing(table, note.title)
    return replace(note, title=file_name(note.path)) if generic and not note.meta.get("title") else note


def _unread(note: Note, every: Sequence[Block], whole: str) -> str:
    if note.off:
        return "the front matter says `mkcards: false`"
    if _DRAWING in note.meta:
        return "it is a drawing"
    return "it holds template code" if "<%" in whole and any(map(_has_template, every)) else ""


def _run(look: Look, config: Config, only: Sequence[str] = ()) -> tuple[list[Candidate], list[Diagnostic]]:
    candidates: list[Candidate] = []
    diagnostics: list[Diagnostic] = []
    for rule in installed():
        if only and rule.name not in only:
            continue
        if not config.rules.get(rule.name, True):
            look.refuse(rule.name, 0, "the rule is switched off in config.yaml")
            continue
        findings: Iterator[Finding] | None = None
        try:
            findings = rule.find(look)
            for found in findings if rule.name in RULES else map(partial(_checked, look.note), findings):
                if isinstance(found, Candidate):
                    candidates.append(found)
                else:
                    diagnostics.append(found)
        except (Exception, SystemExit) as error:
            what = f"the rule {rule.name} failed here ({type(error).__name__}: {error})"
            message = f"{what}; please report it with the note"
            line = _line_of(error, findings)
            diagnostics.append(Diagnostic(look.note.path, line, "rule-failed", message, Severity.ERROR))
    return candidates, diagnostics


def _checked(note: Note, found: Finding) -> Finding:
    """Return what a rule of another package found in a note.

    Raises TypeError, ValueError or ValidationError for what is no finding.
    """
    if not isinstance(found, Finding):
        raise TypeError(f"it yields {type(found).__name__}, not what look.card or look.remark gives")
    msgspec.convert(msgspec.to_builtins(found), type(found))
    last = max((block.end_line for block in note.blocks), default=0)
    lines = (found.line, found.end_line, found.label_line) if isinstance(found, Candidate) else (found.line,)
    beyond = next((line for line in lines if not 0 <= line <= last), None)
    if beyond is not None:
        raise ValueError(f"the note has no line {beyond}")
    return found


def _line_of(error: BaseException, findings: Iterator[Finding] | None) -> int:
    """Return the line of the place that a rule looked at when it failed, as its frames hold it; 0 if they hold none."""
    frames = [*(frame for frame, _ in walk_tb(error.__traceback__)), getattr(findings, "gi_frame", None)]
    held = [value for frame in frames if frame for value in frame.f_locals.values()]
    return next((value.block.line for value in reversed(held) if isinstance(value, Place)), 0)


def _language(note: Note, every: Sequence[Block], config: Config) -> str:
    for code in (note.lang[:2].lower(), config.lang[:2]):
        if code in LANGUAGES:
            return chinese(block.text for block in every) if code == "zh" else code
    return detect(block.text for block in every if block.kind not in _NO_PROSE) or NEUTRAL


def phrases_of(code: str, config: Config) -> Phrases:
    """Return the table of a language with the questions that the settings put in place of ours."""
    own = config.questions.get(code)
    return _worded(code, tuple(own.items())) if own else phrases(code)


@cache
def _worded(code: str, questions: tuple[tuple[str, str], ...]) -> Phrases:
    """Return a table with some of its questions replaced; cached, since its patterns take long to compile."""
    table = phrases(code).table
    return Phrases(code, {**table, "questions": {**table["questions"], **dict(questions)}})


def _has_template(block: Block) -> bool:
    if block.kind == "code" or "<%" not in block.text:
        return False
    text = without(block.text, {"code"})
    opens = text.find("<%")
    return opens >= 0 and "%>" in text[opens + 2 :]


def _skipped(config: Config, table: Phrases) -> frozenset[str]:
    if config.skip_headings is not None:
        return frozenset(map(_bare, config.skip_headings))
    return table.words("skip_headings") | phrases("en").words("skip_headings")


@lru_cache(maxsize=1024)
def is_skipped(heading: str, names: frozenset[str], table: Phrases) -> bool:
    """Tell whether a heading opens a section that is not read: one of the names, or some of them joined."""
    whole = _bare(heading)
    if whole in names or _unnumbered(whole) in names:
        return True
    shown = {_unnumbered(_bare(part)) for part in _joints(table).split(whole)} - {""}
    return bool(shown) and shown <= names


def _bare(heading: str) -> str:
    """Return a heading, or the setting that names one, in small letters without the marks around it."""
    return heading.casefold().strip(" :.-–—#*_?")


def _unnumbered(heading: str) -> str:
    return re.sub(r"^[\W\d_]+", "", heading)


@cache
def _joints(table: Phrases) -> re.Pattern[str]:
    """Return the pattern of what joins two headings in one, in a language or in English."""
    joining = sorted(table.words("and") | phrases("en").words("and"))
    words = [re.escape(word) if is_cjk(word) else rf"\s+{re.escape(word)}\s+" for word in joining]
    return re.compile("|".join([*words, "[&/,、]"]))


def _places(
    siblings: tuple[Block, ...], parent: Place | None, skips: Callable[[str], bool], refusals: list[Refusal]
) -> Iterator[Place]:
    """Yield the places that rules may look at: neither in a skipped section nor switched off by the author."""
    headings = parent.headings if parent else ()
    end = 0
    for at, block in enumerate(siblings):
        if at < end:
            continue
        above = headings
        if block.kind == "heading":
            above = tuple(one for one in headings if one.level < block.level)
            if skips(plain(block.text)):
                end = section_end(siblings, at)
                if parent is None and _heads_note(siblings, at):
                    end = at + 2
                reason = "the section is not read: its heading is one of those to skip"
                refusals.append(Refusal("section", block.line, reason))
                continue
            headings = (*above, block)
        if block.off or block.kind == SILENCED:
            refusals.append(_silenced(block))
            continue
        place = Place(block, siblings, at, parent, above)
        yield place
        if block.children and block.kind not in {"footnote", "table"}:
            yield from _places(block.children, place, skips, refusals)


def _heads_note(siblings: Sequence[Block], at: int) -> bool:
    """Tell whether the whole note stands below a heading that a template puts above its fields."""
    lone = at == 0 and not any(block.kind == "heading" for block in siblings[1:])
    fields = siblings[1].text.partition("\n")[0] if len(siblings) > 2 and siblings[1].kind == "paragraph" else ""
    return lone and fields != "" and is_field(fields)


def _silenced(block: Block) -> Refusal:
    if block.level:
        return Refusal("section", block.line, "the section is not read: %% nocard %%")
    reason = f"it belongs to a flashcard of another program (`{block.info}`)" if block.info in MARKS else ""
    return Refusal("block", block.line, reason or "it is silenced: %% nocard %%")


def _distinct(note: Note, candidates: Sequence[Candidate], diagnostics: list[Diagnostic]) -> Iterator[Candidate]:
    """Yield the candidates without those that ask the same in the same words.

    Of two definitions or questions the fuller answer stays; two lists that nothing tells apart both go, with what is
    asked of their items.
    """
    same: dict[tuple[str, tuple[str, ...]], list[Candidate]] = {}
    for card in candidates:
        same.setdefault((card.fields.prompt, card.fields.context), []).append(card)
    fullest = {asked: max(rivals, key=lambda rival: len(rival.fields.answer)) for asked, rivals in same.items()}
    twins = {card.label_line for rivals in same.values() if len(rivals) > 1 for card in rivals if card.kind == "list"}
    for card in candidates:
        rivals = same[card.fields.prompt, card.fields.context]
        best = fullest[card.fields.prompt, card.fields.context]
        if card.kind == "item" and card.label_line in twins:
            continue
        if len(rivals) == 1 or (card is best and card.kind != "list"):
            yield card
            continue
        if card is next(rival for rival in rivals if rival is not best):
            message = f"“{plain(card.fields.prompt)}” is asked {len(rivals)} times in this note; tell them apart"
            diagnostics.append(Diagnostic(note.path, card.label_line, "same-question", message, Severity.REMARK))
