"""mkcards compiles ordinary Markdown and Obsidian notes into an Anki deck."""

__version__ = "0.1.0"
