#!/usr/bin/env python3
"""Random texts of what means something in Markdown, through mews's escaping and two renderers: cmark-gfm (GitHub's) and
markdown-it. Every text must come out as it went in, in a cell of its own.

markdown.py HELPER COUNT SEED
"""
import random
import re
import subprocess
import sys

import cmarkgfm
import lxml.html
import markdown_it
from cmarkgfm.cmark import Options

PIECES = ["|", "\\", "`", "``", "*", "**", "_", "~~", "<", ">", "<b>", "</td>", "<!--", "-->", "&", "&amp;", "&#124;", "[", "]", "(", ")",
          "![", "](", "http://a.b/c", "https://", "www.a.b", "a@b.c", "@name", "#1", "GH-1", "$", "$$", ":", "\n", "\r\n", "\t", " ", "  ",
          "x", "word", "1.", "- ", "+ ", "# ", "> ", "=", "---", "\x00", "\x1b[31m", "\u00e9", "\u6f22", "\u202e", "\u2028", "\xff", "\ufffe", "~",
          "\"", "'", "{", "}", "!", "^", "%", "\\|", "`|`", "\\`"]
JOINER = "\u2060"


def texts(count, seed):
    choice = random.Random(seed)
    for _ in range(count):
        yield "".join(choice.choice(PIECES) for _ in range(choice.randrange(1, 12)))


def as_bytes(text):
    return b"".join(b"\xff" if c == "\xff" else c.encode() for c in text)


def expected(text):
    shown = "".join(" " if ord(c) < 0x20 or ord(c) in (0x7f, 0x2028, 0x202e) else "\ufffd" if c == "\xff" else c for c in text)
    return re.sub(r"\s+", " ", shown.replace("\ufffe", "")).strip()  # the parser of HTML drops what is no character


def seen(cell):
    return re.sub(r"\s+", " ", cell.text_content().replace(JOINER, "").replace("\ufffe", "")).strip()


def main(helper, count, seed):
    wanted = list(texts(int(count), int(seed)))
    lines = "".join(as_bytes(text).hex() + "\n" for text in wanted)
    table = subprocess.run([helper], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()
    passed = failed = 0
    for name, html in (
            ("cmark-gfm", cmarkgfm.github_flavored_markdown_to_html(table, options=Options.CMARK_OPT_UNSAFE)),
            ("markdown-it", markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(table))):
        page = lxml.html.document_fromstring(html)
        rows = list(page.iter("tr"))[1:]
        strange = {e.tag for e in page.iter()} - {"html", "body", "table", "thead", "tbody", "tr", "th", "td", "code"}
        if len(rows) != len(wanted) or strange:
            print(f"FAILED: {name}: {len(rows)} rows of {len(wanted)}; elements {strange}")
            failed += 1
        for text, row in zip(wanted, rows):
            cells = row.findall("td")
            good = len(cells) == 2 and seen(cells[0]) == expected(text) and seen(cells[1]) == expected(text)
            passed += good
            failed += not good
            if not good and failed < 6:
                print(f"FAILED: {name}: {text!r} came out as {[seen(cell) for cell in cells]!r}")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
