"""Click classes with help in titled sections: a lazily loaded group, a command with settings by section."""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import click

Entries = Mapping[str, tuple[str, str, str, str]]
"""Name of a command -> module in `gristmill.cli`, attribute, one line of help, title of its section."""


class LazyGroup(click.Group):
    """Its own help is written from the table of entries, without importing any of them."""

    def __init__(self, name: str, entries: Entries, **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self._entries = entries

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._entries:
            return None
        module, attribute, _, _ = self._entries[cmd_name]
        command: click.Command = getattr(import_module(f"gristmill.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        width = max(map(len, self._entries))
        for title in dict.fromkeys(title for *_, title in self._entries.values()):
            with formatter.section(title):
                formatter.write_dl(
                    [
                        (name.ljust(width), line)
                        for name, (_, _, line, section) in self._entries.items()
                        if section == title
                    ]
                )


class SettingOption(click.Option):
    """A flag made from a setting: `section` is that of the recipe's key, `preset` what stands where neither
    recipe nor flag says anything, None where that is nothing.
    """

    def __init__(self, *names: Any, section: str, preset: str | None, **attributes: Any) -> None:
        super().__init__(*names, **attributes)
        self.section = section
        self.preset = preset

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        record = super().get_help_record(ctx)
        if record is None or self.preset is None:
            return record
        return record[0], f"{record[1]}  [default: {self.preset}]"


class SettingsCommand(click.Command):
    """A command with more settings than fit one screen. `--help` shows its own flags and the settings named
    in `common`; `--help-all` all of them by section, `--help-section NAME` those of one section.

    `choices` is the title and the rows of a list that comes first, such as that of the recipes.
    """

    def __init__(
        self,
        *arguments: Any,
        common: tuple[str, ...],
        choices: tuple[str, Callable[[], Mapping[str, str]]] | None = None,
        **attributes: Any,
    ) -> None:
        super().__init__(*arguments, **attributes)
        self.common = common
        self.choices = choices
        self.params += [
            click.Option(
                ["--help-section"],
                type=click.Choice(list(dict.fromkeys(option.section for option in self._settings()))),
                metavar="NAME",
                expose_value=False,
                is_eager=True,
                callback=_show_section,
                help="Show the settings of one section and exit.",
            ),
            click.Option(
                ["--help-all"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_show_all,
                help="Show all settings, by the section of the recipe, and exit.",
            ),
        ]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        whole = ctx.meta.get(_WHOLE)
        if whole is None:
            self._format_short(ctx, formatter)
        for section in dict.fromkeys(option.section for option in self._settings()):
            if whole in (section, _ALL):
                options = [option for option in self._settings() if option.section == section]
                _write(ctx, formatter, f"[{section}]", options)

    def _format_short(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.choices is not None:
            title, rows = self.choices
            with formatter.section(title):
                formatter.write_dl(list(rows().items()))
        own = [parameter for parameter in self.get_params(ctx) if type(parameter) is click.Option]
        shown = {option.name: option for option in self._settings()}
        _write(ctx, formatter, "Settings most used", [shown[name] for name in self.common])
        _write(ctx, formatter, "Options", own)
        with formatter.indentation():
            left = len(shown) - len(self.common)
            formatter.write_paragraph()
            formatter.write_text(f"{left} more settings: {ctx.command_path} --help-all")

    def _settings(self) -> Iterator[SettingOption]:
        return (parameter for parameter in self.params if isinstance(parameter, SettingOption))


_WHOLE = "gristmill.cli.help"
_ALL = "all"


def _show_section(ctx: click.Context, _option: click.Parameter, section: str | None) -> None:
    if section is not None and not ctx.resilient_parsing:
        ctx.meta[_WHOLE] = section
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit()


def _show_all(ctx: click.Context, option: click.Parameter, wanted: bool) -> None:
    _show_section(ctx, option, _ALL if wanted else None)


def _write(ctx: click.Context, formatter: click.HelpFormatter, title: str, options: list[Any]) -> None:
    records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
    with formatter.section(title):
        formatter.write_dl(records)
