"""Reads the service: over HTTP, or from a folder of files that an earlier run saved.

Every question is a path with its query. Saved, it is a file of that name, percent-encoded, with the JSON of the answer.
"""

import functools
import json
import pathlib
import urllib.error
import urllib.parse
import urllib.request
from decimal import Decimal


class Source:
    """Answers by path. Numbers with a decimal point are read as decimals, so that nothing is lost."""

    def __init__(self, base, save=None):
        self.base = base
        self.folder = None if "://" in base else pathlib.Path(base)
        self.save = pathlib.Path(save) if save else None
        if self.save:
            self.save.mkdir(parents=True, exist_ok=True)

    @functools.cache
    def get(self, path):
        """The answer of one path, asked once."""
        name = urllib.parse.quote(path, safe="") + ".json"
        if self.folder:
            text = (self.folder / name).read_text("utf-8")
        else:
            text = self.ask(path)
        if self.save:
            (self.save / name).write_text(text, "utf-8")
        return json.loads(text, parse_float=Decimal)

    def ask(self, path):
        """The text of an answer over HTTP."""
        try:
            with urllib.request.urlopen(self.base + path, timeout=120) as answer:
                return answer.read().decode("utf-8")
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path} answers {error.code}: {error.read().decode('utf-8')}") from error

    def rows(self, noun, authority):
        """Every record of a noun, page by page."""
        return self.pages(f"/v1/{noun}?authority={authority}&limit=1000")

    @functools.cache
    def pages(self, path):
        """The rows of an answer, and of the pages that follow it."""
        page = self.get(path)
        rows = page["data"]
        while cursor := page.get("page", {}).get("next_cursor"):
            page = self.get(f"{path}&cursor={cursor}")
            rows += page["data"]
        return rows

    def listed(self, path, name):
        """The words a parameter may be, as the contract lists them."""
        parameters = self.get("/openapi.json")["paths"][path]["get"]["parameters"]
        return next(parameter["schema"]["enum"] for parameter in parameters if parameter["name"] == name)

    def words(self):
        """The members of every dimension, as the contract lists them among the parameters of the statistics."""
        words = {}
        for path, operations in self.get("/openapi.json")["paths"].items():
            if not path.startswith("/v1/stats/"):
                continue
            for parameter in operations["get"].get("parameters", []):
                # A list of words is a pattern: the words in brackets, and the same again after each comma.
                listed = parameter.get("schema", {}).get("pattern", "").removeprefix("^(").partition(")")[0].split("|")
                if "not_recorded" in listed:
                    words[parameter["name"]] = [word for word in listed if word != "not_recorded"]
        return words
