"""The command ``understudy``: ``app`` holds the commands, the modules beside it what they do in a terminal."""

from orchestration.cli.app import app

__all__ = ["app"]
