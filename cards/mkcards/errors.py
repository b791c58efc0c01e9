"""The few exceptions that stop a run."""


class MkcardsError(Exception):
    """Stops the run; its message is for the person at the keyboard: `path:line: CODE what was seen; what to do`."""


class UsageError(MkcardsError):
    """The command line or the configuration asks for something that can't be (exit status 2)."""


class LedgerError(MkcardsError):
    """The ledger can't be read or written; nothing was touched."""


class OutputError(MkcardsError):
    """The deck can't be written; the old one is intact."""


class SharedIdsError(UsageError):
    """Anki has another deck's cards under the ids of a new one; nothing was changed there."""


class AnkiError(MkcardsError):
    """Anki can't be reached, or does not do what it should; the message says whether anything was changed."""
