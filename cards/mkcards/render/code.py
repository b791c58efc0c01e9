"""Code in colours, through Pygments classes that the style sheet knows."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MOST_COLOURED: Final = 4000
"""Characters of code beyond which it stays plain: some of Pygments' lexers take the square of its length."""
_LANGUAGE = re.compile(r"[\w+#.-]+")


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    # Pygments costs a tenth of a second to import, and most notes hold no code.
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


def highlight(code: str, info: str) -> str:
    """Return a code block as HTML; `info` is what follows its fence.

    A language that Pygments does not know stays plain, as does long code.
    """
    named = _LANGUAGE.match(info.strip()) if len(code) <= MOST_COLOURED else None
    lexer = _lexer(named.group().lower()) if named else None
    if lexer is None:
        return f"<pre><code>{html.escape(code.rstrip(), quote=False)}</code></pre>\n"
    from pygments import highlight as paint
    from pygments.formatters.html import HtmlFormatter

    painted = paint(code, lexer, HtmlFormatter(nowrap=True)).rstrip()
    return f'<pre class="highlight"><code>{painted}</code></pre>\n'
