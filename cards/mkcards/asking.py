"""The question that asks for a whole list, from its label."""

from __future__ import annotations

import re
from itertools import takewhile
from statistics import median

from mkcards.announcing import announces, follows
from mkcards.data import Block
from mkcards.label import REMARK_WORDS, Label, asks, conjuncts, needs_subject
from mkcards.material import are_sides, item_text, names_things
from mkcards.phrasing import Phrases, size
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain
from mkcards.terms import head_of
from mkcards.unfinished import JOINING, breaks_off, says_much
from mkcards.word_lists import COLONS, QUESTION_MARKS, WORD_OR_NUMBER, words_of

POINTING_WORDS = 6
"""A pronoun at the end of so short a question has no noun in it."""
CLAUSE_WORDS = 8
"""The clause in which a label ends is looked for within so many words."""
CLOSED_WORDS = 4
"""A clause of fewer words may go on behind its verb."""
_CALL = re.compile(r"\w\([^)]")
"""What a function has behind its name (`count(b)`)."""
FEW = 3
"""So few long items without a name are what is known of their label, not all of its kind."""
_MARKS = ("**", "==", "`", "[")
_ASIDE = re.compile(r"\s*\([^()]*\)")
SENTENCE_WORDS = 5
"""A text of so many words that ends in a full stop is a sentence or its predicate."""


def own_question(look: Look, label: Label, place: Place) -> str:
    """Return the question that asks for the whole list at `place`."""
    phrases, block = look.phrases, place.block
    text, shown = _without_stop(label.text), label.plain
    if asks(phrases, label):
        asked = marked(phrases, text)
        if (size(shown) <= 2 or points_back(phrases, shown)) and not label.lead:
            asked = with_subject(look, place, shown, asked)
        return f"{label.lead} {asked}".strip()
    if label.lead.endswith(QUESTION_MARKS) and _only_leads(phrases, shown):
        return label.lead
    number = len(block.children)
    counted = phrases.count(shown)
    if counted and counted[0] != number and text.casefold().startswith(counted[1].casefold()):
        text = text[len(counted[1]) :].lstrip()
    text = _without_verb(phrases, text)
    if breaks_off(phrases, plain(text)) and not _is_whole(phrases, plain(text), number):
        subject = "" if label.lead or says_much(phrases, shown) else look.subject(place, shown)
        half = f"{label.lead} {text}".strip()
        half = phrases.ask("subject", subject=subject, question=look.lowered(half)) if subject else half
        return phrases.ask("list_complete", label=half, n=number)
    asked = _statement(look, label, text, block, number)
    if not _lacks_subject(look, label, place):
        return f"{label.lead} {asked}".strip()
    if label.lead:
        return phrases.ask("subject", subject=look.subject(place, shown), question=f"{label.lead} {asked}")
    return with_subject(look, place, shown, asked)


def _lacks_subject(look: Look, label: Label, place: Place) -> bool:
    """Tell whether what a label is about has to be named: neither it nor what stands before it does so.

    That is its item's term (`Warp:`), a question, or a sentence that has the same words.
    """
    if not needs_subject(look.phrases, label.plain):
        return False
    lead, subject = plain(label.lead), look.subject(place, label.plain)
    if lead and (follows(look.phrases, label.plain) or look.phrases.starts_with(label.plain, "existentials")):
        return False
    return not (lead.endswith(COLONS) or "?" in lead or subject.casefold() in lead.casefold())


def marked(phrases: Phrases, text: str) -> str:
    """Return a question with the marks that its language puts around one; one that has its mark stays as it is."""
    if text.endswith(QUESTION_MARKS):
        return text
    opening, mark = phrases.table["question_opening"], phrases.table["question_mark"]
    return f"{'' if text.startswith(opening) else opening}{text}{mark}"


def points_back(phrases: Phrases, question: str) -> bool:
    """Tell whether a short question ends in a pronoun (`How do you wind it?`), for which it has no noun of its own."""
    words = [word.casefold() for word in WORD_OR_NUMBER.findall(plain(question))]
    pointing = (phrases.words("pronouns") & phrases.words("referring")) | phrases.words("places")
    return 0 < len(words) <= POINTING_WORDS and words[-1] in pointing


def _only_leads(phrases: Phrases, shown: str) -> bool:
    """Tell whether a label behind a question only leads to its answer (`What for? There are three uses`)."""
    return bool(phrases.starts_with(shown, "existentials")) or phrases.mentions(shown, "following")


def _is_whole(phrases: Phrases, shown: str, number: int) -> bool:
    """Tell whether a label that ends in a verb is a sentence all the same.

    It says how something is done (`Glue is applied as follows`), or that there are so many things (`Two kinds exist`,
    `There are two rules that a joiner must follow`), or its verb has its object before it (`What a joiner needs`).
    """
    told_how = tuple(f" {words}" for words in phrases.words("thus"))
    if f" {shown.casefold()}".endswith(told_how) or _is_closed(phrases, shown):
        return True
    if phrases.ends_in(shown, "copulas", "modals", *JOINING) or ": " in shown:
        return False
    counts, (subject, _, verb) = phrases.counts(shown, number), shown.rpartition(" ")
    if (counts and phrases.starts_with(shown, "existentials")) or _has_object(phrases, shown):
        return True
    there = {entry.rpartition(" ")[2] for entry in phrases.words("existentials")}
    return verb.casefold() in there and not phrases.is_clause(subject) and (counts or phrases.names_items(subject))


def _is_closed(phrases: Phrases, shown: str) -> bool:
    """Tell whether a label ends as a sentence does whose verb comes last (`Regeln, die man kennen sollte`).

    The verb closes a clause that a comma opens, or a sentence that has another one; so does its other half behind a
    noun (`Das hängt von der Größe ab`).
    """
    if not phrases.words("particles"):
        return False
    *before, _ = shown.split()
    if phrases.mentions(shown, "following") or phrases.mentions(shown, "thus"):
        return True
    if phrases.ends_in(shown, "particles"):
        return before[-1:] != [] and before[-1][0].isupper()
    _, comma, clause = shown.rpartition(", ")
    words = words_of(clause)
    if len(words) < CLOSED_WORDS or not phrases.ends_in(shown, "finite_verbs"):
        return False
    openings = ("connectives", "question_words", "articles", "prepositions")
    joined = comma and phrases.starts_with(clause, *openings)
    return bool(joined) or any(word in phrases.words("finite_verbs") for word in words[:-1])


def _has_object(phrases: Phrases, shown: str) -> bool:
    """Tell whether a label ends in a clause that is about what stands before its subject and verb.

    A question word opens it, or a relative pronoun behind things that there are (`There are tools that a joiner
    needs`); one without a subject of its own goes on behind its verb (`There are tools that need`).
    """
    joining = frozenset().union(*(phrases.words(key) for key in (*JOINING, "function_words")))
    # Where the noun comes first, the verb comes before its subject.
    asking = frozenset() if phrases.table["head_first"] else phrases.words("question_words") - joining
    opens = [word for word in words_of(shown)[-CLAUSE_WORDS:-2] if word in asking | phrases.relative_pronouns]
    if not opens:
        return False
    before, _, after = shown.casefold().rpartition(opens[-1])
    if phrases.starts_with(after, "modals", "finite_verbs", "relatives"):
        return False
    things = phrases.existing(before)
    return opens[-1] in asking or (things != before and phrases.names_items(things.strip()))


def _without_stop(text: str) -> str:
    """Return a label without the full stop in which its sentence ends."""
    return text[:-1] if text.endswith((".", "。")) and not text.endswith((" etc.", "..")) else text


def with_subject(look: Look, place: Place, label: str, asked: str) -> str:
    """Return a question with what it is about in front of it, when something above says so."""
    subject = look.subject(place, label)
    if not subject:
        return asked
    return look.phrases.ask("subject", subject=subject, question=_continued(look, asked))


def _continued(look: Look, asked: str) -> str:
    """Return a question with the small first letter that it has after a colon."""
    opening = str(look.phrases.table["question_opening"])
    if opening and asked.startswith(opening):
        return opening + _continued(look, asked.removeprefix(opening))
    if look.phrases.starts_with(asked, "question_words"):
        return asked[0].lower() + asked[1:]
    return look.lowered(asked)


def _statement(look: Look, label: Label, text: str, block: Block, number: int) -> str:
    phrases = look.phrases
    leads = str(phrases.table["questions"]["list_plural"]).startswith("{label}")
    bare = text if leads else look.lowered(phrases.without_article(phrases.existing(text)))
    shown = plain(bare)
    if are_sides(shown, block) and not phrases.noun_in(shown, "singular_nouns", "list_nouns"):
        return phrases.ask("list_against", label=text, n=number)
    if phrases.starts_with(shown, "quantifiers"):
        return phrases.ask("list_open", label=text, n=number)
    commands = phrases.commands(shown) or _instructs(phrases, label.plain)
    sentence = phrases.is_clause(shown) or (label.form in {"colon", "sentence"} and phrases.runs_on(shown))
    noun = not (commands or sentence or phrases.starts_with(shown, "prepositions"))
    remarks = _remarks(phrases, shown, block)
    procedure = block.ordered and label.form == "heading" and not _unordered(phrases, shown, block)
    fits = noun and (leads or _reads_on(bare)) and not phrases.is_gerund(shown)
    fits = fits and not phrases.starts_with(shown, "leaning")  # `This plan caused several problems`
    if fits and _names_these(phrases, label, shown, block, look.note.title, remarks=remarks):
        return phrases.ask("list_plural", label=bare, n=number)
    if fits and phrases.noun_in(shown, "singular_nouns") and not procedure:
        return phrases.ask("list_singular", label=bare, n=number)
    if noun and label.form != "colon" and phrases.names_items(shown) and not (procedure or remarks):
        return phrases.ask("list_things", label=text, n=number)
    told = label.form == "sentence" or (announces(phrases, shown, number) and not phrases.mentions(shown, "thus"))
    if (not noun and told and not commands) or phrases.counts(shown, number):
        return phrases.ask("list_which", label=text, n=number)
    return phrases.ask("list_steps" if procedure else "list_open", label=text, n=number)


def _instructs(phrases: Phrases, shown: str) -> bool:
    """Tell whether a label is a verb, or opens with one and its object (`Find missing planks`), and is no sentence."""
    rest = phrases.behind(shown, "opening_verbs")
    joined = phrases.starts_with(rest, "prepositions", "and", "list_nouns")
    return rest != shown and not joined and not phrases.is_clause(shown)


def _unordered(phrases: Phrases, shown: str, block: Block) -> bool:
    """Tell whether the items of a numbered list are several of what its label names, in no order (`Glaze defects`).

    They are names of them, or most are statements, not what to do one after the other.
    """
    doing = shown.partition(" ")[0].endswith(tuple(phrases.table["gerund_endings"]))
    if doing or not phrases.names_items(shown) or phrases.noun_in(shown, "sequences"):
        return False
    texts = [plain(item_text(item)) for item in block.children]
    told = 2 * sum(map(phrases.is_clause, texts)) > len(texts)
    return not any(map(phrases.commands, texts)) and (told or names_things(block, phrases))


def _without_verb(phrases: Phrases, text: str) -> str:
    """Return a label without the verb in which it ends (`The three types of rock are`)."""
    start, _, last = text.rpartition(" ")
    ends = last.casefold() in phrases.words("copulas") and phrases.count(plain(start)) is not None
    return start if ends and not phrases.is_clause(plain(start)) else text


def _names_these(phrases: Phrases, label: Label, shown: str, block: Block, title: str, *, remarks: bool) -> bool:
    """Tell whether a label is a plural whose instances the items are; what the title names is what they are said of."""
    counted = phrases.count(shown)
    whole = r"\b" if phrases.table["spaced"] else ""
    before = re.split(f"{whole}{re.escape(counted[1])}{whole}", shown, maxsplit=1)[0].split() if counted else []
    joining = phrases.words("prepositions") | phrases.words("and")
    if counted is not None and (len(before) > 2 or not joining.isdisjoint(before)):
        return False
    if counted is not None and counted[0] == len(block.children):
        return True
    if remarks:
        return False
    if phrases.noun_in(shown, "list_nouns"):
        return True
    marked = label.form in {"bold", "italic", "heading", "callout", "item", "sentence"}
    if not marked or not phrases.names_items(shown) or (block.ordered and label.form == "heading"):
        return False
    if not all(map(phrases.names_items, conjuncts(phrases, shown))):
        return False
    if len(shown.split()) > 1:
        return True
    tells = any(phrases.commands(plain(item_text(item))) for item in block.children)
    return names_things(block, phrases) and not tells and shown.casefold() not in title.casefold()


def _remarks(phrases: Phrases, shown: str, block: Block) -> bool:
    """Tell whether most items of a list are sentences about what its label names, or half are rather than names of it.

    Advantages and conditions are statements themselves, so there only full sentences count.
    """
    texts = [plain(item_text(item)) for item in block.children if head_of(item_text(item)) is None]
    kinds = phrases.noun_in(shown, "list_nouns")
    alone = not any(head_of(item_text(item), unmarked=True) for item in block.children)
    if not kinds and alone and len(texts) <= FEW and median(map(size, texts)) >= REMARK_WORDS:
        return True
    told = [_states(phrases, text, stopped=kinds) for text in texts]
    surplus = sum(told) - len(block.children) / 2
    return surplus > 0 or not (kinds or (surplus < 0 and _are_names(block)))


def _are_names(block: Block) -> bool:
    """Tell whether most items of a list look like names: of a few words, set off by their marks, or before a colon."""
    texts = [item_text(item) for item in block.children]
    short = sum(text.startswith(_MARKS) or size(_ASIDE.sub("", plain(text))) <= FEW for text in texts)
    headed = sum(head_of(text, unmarked=True) is not None for text in texts)
    return 3 * short >= 2 * len(texts) or 2 * headed >= len(texts)


def _states(phrases: Phrases, text: str, *, stopped: bool) -> bool:
    """Tell whether an item is a statement, not a name with what a relative clause says of it.

    With `stopped` it must be a whole sentence; without, one that ends as a sentence does is enough.
    """
    ends = text.endswith((".", "。"))
    if stopped and not ends:
        return False
    if not stopped and ends and size(text) >= SENTENCE_WORDS:
        return True
    main = takewhile(lambda word: word.casefold() not in phrases.words("relatives"), text.split())
    return phrases.is_clause(" ".join(main)) and not phrases.starts_with(text, "connectives")


def _reads_on(bare: str) -> bool:
    """Tell whether a label can stand inside a question: it begins small, or is one word."""
    noun = ": " not in bare and not _CALL.search(bare)
    return noun and (not bare[:1].isupper() or len(bare.split()) == 1)
