"""A term and what it is said to be, and the question that asks for it."""

from __future__ import annotations

from msgspec import Struct

from mkcards.phrasing import Phrases
from mkcards.syntax.inline import plain

_OF_VERBS = (
    ("occurrence_verbs", "when_occurs", "when_occurs"),
    ("stating_verbs", "what_states", "what_states"),
    ("claiming_verbs", "what_states", "what_states"),
    ("composition_verbs", "what_consists", "what_consist"),
)
"""The lists of verbs that have questions of their own, for one thing and for several."""


class Definition(Struct, frozen=True):
    """A term and what it is said to be, as Markdown; `article` and `verb` are the sentence's own."""

    term: str
    article: str
    definition: str
    verb: str
    rest: str = ""
    """What follows the sentence."""
    line: int = 0
    named: bool = False
    """The term stands above the text, not in it."""
    tail: str = ""
    """What narrows the term (`for N processes`)."""
    subject: str = ""
    """What the term is said of, when the definition tells when it holds."""
    plural: bool = False
    """Several things are the subject."""
    acts: bool = False
    """The text says what the term does, not what it is."""
    loose: bool = False
    """Several things are called so, or the term may be an adjective, so that `is` may not fit it."""

    def question(self, phrases: Phrases, plain_template: str) -> str:
        """Return the question that asks for the definition; `plain_template` serves where nothing fits better."""
        term = f"{self.term_with_article} {self.tail}".strip()
        if self.subject:
            subject = self.subject
            if phrases.starts_with(subject, "articles", "number_words"):
                subject = subject[0].lower() + subject[1:]
            return phrases.ask("when_are" if self.plural else "when_is", subject=subject, term=term)
        if self.acts:
            return phrases.ask("what_characterises", term=term)
        plural = self.verb in phrases.words("plural_verbs")
        for verbs, *templates in _OF_VERBS:
            if self.verb in phrases.words(verbs):
                return phrases.ask(templates[plural], term=term)
        if not self.verb and phrases.table["bent_terms"]:  # `Unter einem Graphen versteht man …`
            return phrases.ask("what_meant", term=self.term)
        several = self.article in phrases.words("plural_articles")
        called = not self.verb and phrases.is_plural(phrases.head(plain(self.term)).casefold())
        if self.loose and not (several or called):
            return phrases.ask("what_meant", term=term)
        return phrases.ask("what_are" if plural or several or called else plain_template, term=term)

    @property
    def narrowed(self) -> str:
        """The term with what narrows it."""
        return f"{self.term} {self.tail}".strip()

    @property
    def term_with_article(self) -> str:
        """The term as the sentence has it, article included."""
        gap = "" if self.article.endswith(("'", "’")) else " "
        return f"{self.article}{gap}{self.term}" if self.article else self.term
