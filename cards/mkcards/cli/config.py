"""`mkcards config`."""

from __future__ import annotations

from pathlib import Path

import click

from mkcards.cli.common import FORMAT


@click.command()
@click.argument("notes", nargs=-1, type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The deck.")
@click.option("--config", "file", type=click.Path(path_type=Path), help="Settings; else config.yaml.")
@click.option("--format", "form", type=FORMAT, default="text", help="How to print.")
@click.option("--schema", is_flag=True, help="Print the JSON schema of config.yaml, for your editor.")
def config(notes: tuple[Path, ...], output: Path | None, file: Path | None, form: str, schema: bool) -> int:
    """Print the settings that hold for these notes, and where each came from."""
    import json

    from mkcards import config_schema, effective

    if schema:
        click.echo(json.dumps(config_schema.schema(), ensure_ascii=False, indent=2))
        return 0
    found = effective.chosen(file, notes, {"notes": notes, "output": output})
    for line in effective.as_json(found) if form == "json" else effective.as_text(found):
        click.echo(line)
    return 0
