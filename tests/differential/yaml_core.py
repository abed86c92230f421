"""YAML as editors read it: the core schema of YAML 1.2, so that a day is a text and `yes` is a word."""
import re

import yaml


class Loader(yaml.SafeLoader):
    pass


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("merge", r"<<", ["<"]),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
     list("-+.0123456789")),
):
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), first)


def construct_int(loader, node):
    text = loader.construct_scalar(node)
    return int(text, 0) if text[:2] in ("0x", "0o") else int(text)


def construct_mapping(loader, node, deep=False):
    """Keys are texts; one that stands twice is an error, as editors show it."""
    names = [key.value if isinstance(key, yaml.ScalarNode) else None for key, _ in node.value]
    if None in names or len(set(names)) < len(names):
        raise yaml.constructor.ConstructorError(None, None, "a key stands twice, or is no text", node.start_mark)
    loader.flatten_mapping(node)  # what is merged stands first, and yields to what follows
    return {key.value: loader.construct_object(value, deep=True) for key, value in node.value}


Loader.add_constructor("tag:yaml.org,2002:int", construct_int)
Loader.add_constructor("tag:yaml.org,2002:float",
                       lambda loader, node: float(loader.construct_scalar(node).replace(".inf", "inf").replace(".nan", "nan")))
Loader.add_constructor("tag:yaml.org,2002:map", construct_mapping)


def load(text):
    return yaml.load(text, Loader=Loader)
