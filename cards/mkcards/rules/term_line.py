"""term-line: `**Term**: text`, one line, one definition."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mkcards.announcing import lists_kinds
from mkcards.answers import completed, math_below, unwrapped
from mkcards.data import Block
from mkcards.defined_above import behind_definition, defined_above, names_one
from mkcards.examples import in_example, only_example
from mkcards.headed_lines import (
    explains_code,
    headed_lines,
    is_explanation,
    is_one_of_explained,
    is_shared,
    name_above,
    share_heads,
)
from mkcards.item_gloss import is_one_of_pairs
from mkcards.label import Label, asks
from mkcards.material import AGAINST, LINKED, STEM, is_map
from mkcards.no_answer import says_nothing, says_something
from mkcards.phrasing import Phrases, size
from mkcards.predicate import only_symbols, opens_as_definition, sets_apart
from mkcards.recurring import fields, recurs
from mkcards.reversing import reverse
from mkcards.rule import Finding, Look, Place
from mkcards.syntax.inline import named, plain, whole
from mkcards.syntax.markdown import to_markdown
from mkcards.term_prompt import as_named, is_calculated, opens_with_equation, term_prompt
from mkcards.terms import (
    NO_NOUN,
    NUMBER,
    ORDINAL,
    PREPOSITION,
    QUANTIFIER,
    UNLESS_DEFINED,
    Head,
    is_entry,
    may_hold_head,
    no_term,
    shown_term,
)
from mkcards.word_lists import COLONS, QUESTION_MARKS, WORD_OR_NUMBER

NAME = "term-line"
POINTING_WORDS = 12
"""A longer text that points back says something besides."""
NESTED_WORDS = 4
"""Fewer words below a term name something; they do not explain it."""
_NAME = re.compile(r"[A-ZÄÖÜ][^\W\d_]+(?: [A-ZÄÖÜ][^\W\d_]+)+")


def find(look: Look) -> Iterator[Finding]:
    """Yield a card for each line that begins with a term and says what it is."""
    for place in look.of("paragraph", "definitions"):
        if place.block.kind == "definitions":
            yield from _definition_list(look, place)
            continue
        if not (may_hold_head(place.block.text) or is_one_of_pairs(look.phrases, place)):
            continue
        owner = look.taken.get(place.block, "labelled-list")
        if owner not in {"labelled-list", "item-explanation"}:
            continue
        yield from _explained_below(look, place)
        if _numbered(look, place):
            continue
        above = defined_above(look, place)
        if above is not None:
            yield _defined_above(look, place, *above)
            continue
        for head, line, end in headed_lines(place):
            _leads(look, place, head)
            if plain(head.term).casefold() in fields(look):
                look.refuse(
                    NAME, line, f"“{plain(head.term)}” stands under several headings: a field, no term"
                )
                continue
            yield from _card(look, place, head, line, end)


def _leads(look: Look, place: Place, head: Head) -> None:
    """Note that a term is what the list right below its line goes on about; the context of the items shows it."""
    below = place.after()
    if place.parent is None and head.mark == "strong" and below and below[0].kind == "list":
        look.labels.setdefault(below[0], named(shown_term(head)))


def _numbered(look: Look, place: Place) -> bool:
    """Tell whether list-item asks this paragraph already."""
    listed = place.around("list")
    return listed is not None and listed.block in look.asked and listed.block.ordered


def _card(
    look: Look, place: Place, head: Head, line: int, end: int, label_line: int = 0
) -> Iterator[Finding]:
    term, text = shown_term(head), _without_example(look, head.rest)
    math = math_below(place) if not text and head.mark == "strong" else None
    if math is not None:
        text, end = to_markdown([math]), math.end_line
    if not text:
        return
    label = _label(look, place)
    reason = _unfit_term(look, place, head) or _unfit_text(look, head, text, label)
    if reason:
        look.refuse(NAME, line, reason)
        return
    prompt = term_prompt(look, place, term, text, label)
    if not prompt:
        look.refuse(NAME, line, "a letter, a number or a word to the reader does not show what is asked")
        return
    complete = completed(look, place, text)
    if complete is None:
        look.refuse(NAME, line, "what follows the term breaks off")
        return
    text, used = complete
    look.take(NAME, place.block, *used)
    yield look.card(
        NAME,
        "definition",
        term,
        place,
        prompt,
        text,
        lines=(line, end),
        label_line=label_line,
        reverse=reverse(look, term, text),
        details="" if head.aside in term else head.aside,
        extra=name_above(place.block),
    )


def _defined_above(look: Look, place: Place, term: str, text: str, used: tuple[Block, ...]) -> Finding:
    look.take(NAME, place.block, *used)
    lines = (place.block.line, max(block.end_line for block in (place.block, *used)))
    question = look.phrases.ask("what_meant", term=as_named(look.phrases, term))
    return look.card(NAME, "definition", term, place, question, text, lines=lines, reverse=reverse(look, term, text))


def _without_example(look: Look, text: str) -> str:
    """Return a text without the `for example:` at its end that leads to a list."""
    start, comma, last = text.rpartition(",")
    leads = comma and last.endswith(COLONS) and look.phrases.starts_with(last.strip(), "example_labels")
    return start if leads else text


def _explained_below(look: Look, place: Place) -> Iterator[Finding]:
    """Yield the card of an item or line that is only a bold term, with one quote or item below that says what it is.

    Where all items of a list are names over one item each, they need no mark.
    """
    bold, listed, below = whole(place.block.text), place.around("list"), place.after()
    term = (bold or (place.block.text if is_one_of_pairs(look.phrases, place) else "")).rstrip(":： ")
    if not term or (place.parent is not None and place.parent.block.kind != "item"):
        return
    if listed is None:
        explained = bool(below) and is_explanation(below[0])
        below = below[:1] if explained and names_one(look, term) and is_one_of_explained(place) else ()
    label = look.asked.get(listed.block) if listed is not None else None
    kinds = label is not None and listed is not None and lists_kinds(look.phrases, label.plain, listed.block)
    asked = label is not None and not (kinds or asks(look.phrases, label))  # What `item-explanation` asks for.
    if len(below) != 1 or asked or below[0].kind not in {"list", "quote"}:
        return
    text = unwrapped(below) if below[0].kind == "quote" or len(below[0].children) == 1 else ""
    shown = plain(text)
    unfit = look.phrases.commands(shown) or says_nothing(look.phrases, shown) or text.startswith(("- ", "> "))
    if size(shown) >= NESTED_WORDS and not unfit and behind_definition(look.phrases, text) is None:
        head = Head(term, text, "", "strong" if bold else "")
        yield from _card(look, place, head, below[0].line, below[0].end_line)


def _unfit_term(look: Look, place: Place, head: Head) -> str:
    """Return why a head is no term to ask about, or ""."""
    phrases, term = look.phrases, shown_term(head)
    reason = no_term(term, phrases)
    among_others = head.mark == "strong" and share_heads(place)
    listed_so = among_others and reason in {PREPOSITION, QUANTIFIER}
    defined = reason in UNLESS_DEFINED and sets_apart(phrases, plain(head.rest))
    # Operators and keywords are signs and small words (`&&`, `in`).
    coded = head.mark == "code" and reason in {NUMBER, NO_NOUN} and not any(sign.isdigit() for sign in term)
    if reason and not (listed_so or defined or coded):
        return reason
    if is_shared(place, term):
        return "several items begin with the same term"
    if is_entry(head.term) and not sets_apart(phrases, plain(head.rest)):
        return "it is an entry of a catalogue of projects or files"
    if in_example(look, place):
        return "it is an example"
    if look.nameless(place):
        return "nothing says what the term belongs to"
    listed = place.around("list") if head.mark == "wikilink" else None
    if listed and _is_remark(phrases, head.rest) and is_map(listed.block):
        return "it is a link of a map of notes"
    if head.mark == "code" and explains_code(place, term):
        return "it is a part of the code above"
    if any(phrases.mentions(plain(heading.text), "days") for heading in place.headings):
        return "it is about one day"
    words = term.casefold().split()
    if phrases.is_gerund(term) and words[1] in phrases.words("articles"):
        return "what is done is no term"
    if not head.mark and phrases.is_clause(term):
        return "a sentence or formula is no term"
    if opens_with_equation(head.rest) and _is_step(phrases, head.mark, term):
        return "it is a step of a calculation"
    if is_calculated(head.rest):
        return "it is the result of a calculation"
    return "a letter or number is no term" if not head.mark and ORDINAL.fullmatch(term) else ""


def _is_step(phrases: Phrases, mark: str, term: str) -> bool:
    """Tell whether what stands before a formula says how one comes to it (`Solve for it`, `using the load`)."""
    if phrases.commands(term) or phrases.starts_with(term, "opening_verbs"):
        return True
    return not mark and bool(_tells_doing(phrases, term) or phrases.starts_with(term, "prepositions"))


def _tells_doing(phrases: Phrases, term: str) -> bool:
    """Tell whether a text opens with a gerund and its object (`using the load`), not with a name (`Spring force`)."""
    first, gap, rest = term.casefold().partition(" ")
    ending = next((one for one in phrases.table["gerund_endings"] if first.endswith(one)), "")
    stem = first.removesuffix(ending)
    known = not phrases.words("opening_verbs").isdisjoint((stem, f"{stem}e"))
    keys = ("articles", "prepositions", "number_words", "quantifiers", "leaning")
    return bool(gap and ending) and (known or bool(phrases.starts_with(rest, *keys)))


def _is_remark(phrases: Phrases, text: str) -> bool:
    return size(text) <= POINTING_WORDS and not opens_as_definition(phrases, plain(text))


def _unfit_text(look: Look, head: Head, text: str, label: Label | None) -> str:
    """Return why what follows a term is no answer, or ""."""
    shown = plain(text)
    if not label and _NAME.fullmatch(shown):
        return "only a name follows the term"
    if not says_something(text.rstrip("?？") if _poses_problem(look.phrases, head, shown) else text):
        return "what follows the term is no text to learn"
    if LINKED.search(text):
        return "only an address follows the term"
    if shown.casefold().rstrip(".") in look.phrases.words("undone"):
        return "what follows the term is still to be written"
    if only_example(look.phrases, shown):
        return "only an example follows the term"
    if size(text) <= POINTING_WORDS and look.phrases.mentions(shown, "preceding"):
        return "what follows the term points to what stands before it"
    if only_symbols(look.phrases, text):
        return "only symbols of what stands elsewhere follow the term"
    if _tells_half(head, shown):
        return "the term compares two things, and what follows it is about one"
    if recurs(look, text):
        return "the same text follows other terms"
    if not head.mark and (size(text) < 3 or sum(len(word) > 2 for word in shown.split()) < 2):
        return "too little follows an unmarked term"
    return ""


def _tells_half(head: Head, shown: str) -> bool:
    """Tell whether a term sets things against each other (`Warp vs. weft`), and its text speaks of some of them only.

    A text that names none of them says of one what the other is not, behind a comma at least.
    """
    sides, low = AGAINST.split(plain(head.term)), shown.casefold()
    stems = [{word[:STEM].casefold() for word in WORD_OR_NUMBER.findall(side) if len(word) > 1} for side in sides]
    told = [any(stem in low for stem in side) for side in stems if side]
    return len(sides) > 1 and not all(told) and (any(told) or not any(sign in shown for sign in ",;，；"))


def _poses_problem(phrases: Phrases, head: Head, shown: str) -> bool:
    """Tell whether a text puts a problem or paradox that its term names as a question; `how …?` asks the reader."""
    words = shown_term(head).casefold().split()
    named = not phrases.words("results").isdisjoint(words) and not phrases.mentions(" ".join(words), "following")
    asked = shown.endswith(QUESTION_MARKS) and not phrases.starts_with(shown, "question_words")
    return named and asked and len(words) > 1


def _label(look: Look, place: Place) -> Label | None:
    listed = place.around("list")
    return look.asked.get(listed.block) if listed is not None else None


def _definition_list(look: Look, place: Place) -> Iterator[Finding]:
    term: Block | None = None
    for child in place.block.children:
        if child.kind == "term":
            term = child
        elif term is not None and child.kind == "definition":
            head = Head(term.text, to_markdown(child.children), "", "strong")
            yield from _card(look, place, head, child.line, child.end_line, term.line)
