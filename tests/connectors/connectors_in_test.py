"""Connectors of the tests: small ones, each with one habit."""

from __future__ import annotations

import logging
import sys

from tallystick.connectors.driver import ConnectorKilled

not_callable = "no factory"
seen: list[dict[str, str]] = []


class Quiet:
    def sync(self):
        """Do nothing."""

    def close(self):
        """Do nothing."""


class Talks(Quiet):
    def sync(self):
        sys.stdout.write("one\ntwo\n")
        sys.stderr.write("to stderr\n")
        logging.getLogger("theirs").debug("logged %s", "deeply")
        logging.getLogger("httpx").warning("httpx's own")
        logging.getLogger("httpcore.connection").warning("httpcore's own")


class Raises(Quiet):
    error: BaseException = ValueError("no way")

    def sync(self):
        sys.stdout.write("before it gave up\n")
        raise self.error


class ClosesBadly(Quiet):
    def close(self):
        sys.stdout.write("last words\n")
        raise OSError("cannot close")


def connect(env, *, now, sleep):
    seen.append(env)
    env["changed"] = "here only"
    return Quiet()


def talks(env, *, now, sleep):
    return Talks()


def closes_badly(env, *, now, sleep):
    return ClosesBadly()


def raising(error):
    def factory(env, *, now, sleep):
        made = Raises()
        made.error = error
        return made

    return factory


def failing(error):
    def factory(env, *, now, sleep):
        sys.stdout.write("on its way\n")
        raise error

    return factory


def killed(env, *, now, sleep):
    return raising(ConnectorKilled())(env, now=now, sleep=sleep)


def sleeper(env, *, now, sleep):
    class Sleeps(Quiet):
        def sync(self):
            before = now()
            sleep(2.5)
            assert now() - before == 2.5

    return Sleeps()
