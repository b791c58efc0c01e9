"""A callout whose title is a term and whose text says what that is or does (`> [!note] Bollard`, `> A post that …`)."""

from __future__ import annotations

from mkcards.answers import fits
from mkcards.callout_titles import OPEN_KINDS, name_in_title
from mkcards.clauses import sentences
from mkcards.defined_above import defines, names_one
from mkcards.examples import in_example
from mkcards.headed_lines import mostly_terms
from mkcards.heading_gloss import Gloss, acts_alone, glosses, has_subject
from mkcards.rule import Look, Place
from mkcards.syntax.inline import show
from mkcards.syntax.markdown import to_markdown
from mkcards.told_of_heading import tells_of
from mkcards.word_lists import COLONS


def callout_gloss(look: Look, place: Place) -> Gloss | None:
    """Return what the first sentence of a callout says of its title, with the rest of it, or None."""
    phrases, block = look.phrases, place.block
    first = block.children[0] if block.children else None
    if block.info not in OPEN_KINDS or first is None or first.kind != "paragraph" or in_example(look, place):
        return None
    term, shown = name_in_title(look, block), show(first.text)
    if not term or not shown.text.strip() or not names_one(look, term):
        return None
    end = sentences(phrases, shown)[0][1]
    sentence = shown.text[:end].strip()
    # Where the article stands before all nouns, a sentence opens so, too.
    may = phrases.table["plain_glosses"] or not phrases.starts_with(sentence, "articles")
    says = may and glosses(phrases, sentence, bare=True, stated=False) and not has_subject(phrases, term, sentence)
    acts = not says and (acts_alone(phrases, sentence) or tells_of(look, term, sentence))
    if not (says or acts) or sentence.endswith(COLONS) or not defines(phrases, term, sentence):
        return None
    if any(child.kind == "list" and mostly_terms(child) for child in block.children):
        return None
    answer = to_markdown(block.children)
    return Gloss(term, answer, "", (), acts) if fits(answer) else None
