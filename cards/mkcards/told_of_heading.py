"""A sentence below a heading or title that has it for its subject (`Reef knot`: `A reef knot joins two ropes.`)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mkcards.heading_gloss import GLOSS_WORDS, Gloss, opening_sentence, said, with_rest
from mkcards.named_above import bare_term, parts, stems
from mkcards.persons import about_persons
from mkcards.phrasing import Phrases, size
from mkcards.pointing import points
from mkcards.rule import Look, Place
from mkcards.syntax.inline import plain
from mkcards.word_lists import QUESTION_MARKS, WORD_OR_NUMBER, any_of

LEAST_WORDS = 5
"""A predicate of fewer words says too little of its subject."""
NAME_WORDS = 6
"""A heading of more words names nothing that a sentence has for its subject."""
_ASIDE = re.compile(r"\A\s*\([^()]*\)")
_INSERTED = re.compile(r"\s*,\s([^,.;:]{2,60}),(?=\s)")
"""What stands between commas behind a subject, which may be its other name (`, also known as …,`)."""
_NO_NAME = ("prepositions", "articles", "pronouns")


def told(look: Look, place: Place) -> Gloss | None:
    """Return what the first sentence of a section says that its subject does, or that is done with it, or None."""
    phrases, listed = look.phrases, place.around("list")
    verbs = phrases.table["participles"] or phrases.table["acting_glosses"]
    if not verbs or (listed is not None and len(listed.block.children) > 1):
        return None
    opened = opening_sentence(look, place, said(look, place))
    if opened is None:
        return None
    term, shown, end = opened
    told_so = plain(term).casefold() not in phrases.words("texts") and tells_of(look, term, shown.text[:end].strip())
    return with_rest(look, place, term, shown, end, acts=True) if told_so else None


def tells_of(look: Look, term: str, sentence: str) -> bool:
    """Tell whether a sentence has a term for its subject, and says what that does or what is done with it."""
    told = _predicate(look, term, sentence)
    # `The `any` function takes …`: what code is stands behind it.
    ways = (told, told.partition(" ")[2]) if "`" in term else (told,)
    return any(_tells(look.phrases, way) for way in ways) and not _leans(look.phrases, sentence)


def _predicate(look: Look, term: str, sentence: str) -> str:
    """Return what stands behind the subject of a sentence, when a heading names that, and what it is called; or ""."""
    bare = look.phrases.without_article(sentence)
    words = list(WORD_OR_NUMBER.finditer(bare))
    end = max(_subject_end(look, bare_term(look, name), words) for name in (plain(term), *parts(plain(term))))
    if not end:
        return ""
    rest = _ASIDE.sub("", bare[end:])
    inserted = _INSERTED.match(rest)
    if inserted is not None and size(inserted[1]) > 1 and not look.phrases.starts_with(inserted[1], *_NO_NAME):
        rest = rest[inserted.end() :]
    return rest.strip() if rest[:1].isspace() else ""


def _subject_end(look: Look, name: str, words: Sequence[re.Match[str]]) -> int:
    """Return where the words of a name end with which a sentence opens, or 0."""
    names = WORD_OR_NUMBER.findall(name)
    subject = " ".join(word.group().casefold() for word in words[: len(names)])
    fits = 0 < len(names) <= NAME_WORDS and stems(look.phrases, subject) == stems(look.phrases, " ".join(names))
    return words[len(names) - 1].end() if fits else 0


def _leans(phrases: Phrases, sentence: str) -> bool:
    """Tell whether a sentence speaks of its writer or reader, or of what stands around it, or only asks or calls."""
    personal = about_persons(phrases, sentence) or phrases.mentions(sentence, "first_person")
    pointing = points(phrases, sentence) or phrases.mentions(sentence, "preceding")
    return personal or pointing or sentence.endswith((*QUESTION_MARKS, "!"))


def _tells(phrases: Phrases, predicate: str) -> bool:
    """Tell whether a predicate opens with a verb and its object, or with what is done with its subject."""
    if not LEAST_WORDS <= size(predicate) <= GLOSS_WORDS or phrases.starts_with(predicate, "prepositions"):
        return False
    done = phrases.behind(predicate, "copulas")
    if done != predicate:
        return any_of(tuple(phrases.table["participles"])).match(done) is not None
    return any_of(tuple(phrases.table["acting_glosses"])).match(_of_one(phrases, predicate)) is not None


def _of_one(phrases: Phrases, predicate: str) -> str:
    """Return a predicate with its verb as it is for one thing, where an ending shows that (`join` -> `joins`)."""
    verb, _, object_ = predicate.partition(" ")
    one, known = f"{verb}s", phrases.words("finite_verbs")
    simple = phrases.table["plural_endings"] == ["s"] and not phrases.table["head_first"]
    bent = simple and not verb.endswith("s")
    return f"{one} {object_}" if bent and (verb not in known or one in known) else predicate
