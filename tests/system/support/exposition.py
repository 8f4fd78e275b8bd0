"""Prometheus' text format, version 0.0.4, read strictly: what its server would refuse, or `promtool check metrics` complain of,
is an error here.

    families = read(text)         # {"sealift_parcels": Family("gauge", "Parcels by state.", {(("state", "whole"),): 3.0, ...})}

    text   = *( family )                          each family once, its lines together
    family = "# HELP " name " " words LF  "# TYPE " name " " type LF  1*( sample LF )
    sample = name [ "{" label *( "," label ) "}" ] " " number      a histogram's: name_bucket, name_sum, name_count
    label  = name "=" DQUOTE value DQUOTE          with \\\\, \\" and \\n escaped
"""
import collections
import re

Family = collections.namedtuple("Family", "type help samples")

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)\Z")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|\Z)')
NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\Z")
TYPES = ("counter", "gauge", "histogram")  # those that we have
PARTS = ("_bucket", "_sum", "_count")  # of a histogram
UNITS_OTHER = ("milliseconds", "minutes", "kilobytes", "kibibytes", "megabytes", "mebibytes", "bits")


class Malformed(Exception):
    pass


def need(condition, what, line):
    if not condition:
        raise Malformed(f"{what}: {line!r}")


def read_labels(text, line):
    labels, at = [], 0
    while at < len(text):
        found = LABEL.match(text, at)
        need(found, "labels", line)
        labels.append((found[1], re.sub(r"\\(.)", lambda each: {"n": "\n"}.get(each[1], each[1]), found[2])))
        at = found.end()
    need(labels and not text.endswith(","), "labels", line)
    need(len(dict(labels)) == len(labels), "a label twice", line)
    need(not any(name.startswith("__") for name, _ in labels), "a reserved label", line)
    return tuple(sorted(labels))


def begin_family(families, help_line, type_line):
    words = help_line.split(" ", 3)
    need(len(words) == 4 and words[:2] == ["#", "HELP"] and words[3].strip(), "a family begins with its help", help_line)
    name = words[2]
    need(NAME.match(name), "name", help_line)
    need(name not in families, "a family twice", help_line)
    kind = type_line.split(" ")
    need(kind[:3] == ["#", "TYPE", name] and len(kind) == 4 and kind[3] in TYPES, "type", type_line)
    need((kind[3] == "counter") == name.endswith("_total"), "counters, and they alone, end in _total", type_line)
    need(not any(name.endswith(unit) for unit in UNITS_OTHER), "base units", type_line)
    families[name] = Family(kind[3], words[3], {})
    return name


def read(text):
    need(text.endswith("\n") and "\r" not in text and "\n\n" not in text, "lines", text[-20:])
    families, name = {}, None
    lines = iter(text[:-1].split("\n"))
    for line in lines:
        if line.startswith("#"):
            need(name is None or families[name].samples, "a family without samples", line)
            name = begin_family(families, line, next(lines, ""))
            continue
        sample = SAMPLE.match(line)
        is_histogram = name is not None and families[name].type == "histogram"
        need(sample and sample[1] in ([name + part for part in PARTS] if is_histogram else [name]), "a sample of the family", line)
        need(NUMBER.match(sample[3]), "number", line)
        labels = read_labels(sample[2], line) if sample[2] is not None else ()
        if is_histogram:
            labels = (*labels, ("", sample[1].removeprefix(name)))
        need(labels not in families[name].samples, "a series twice", line)
        families[name].samples[labels] = float(sample[3])
    need(name and families[name].samples, "a family without samples", text[-40:])
    for name, family in families.items():
        if family.type == "histogram":
            judge_histogram(name, family.samples)
            continue
        names = {frozenset(label for label, _ in each) for each in family.samples}
        need(len(names) == 1, "one family, one set of labels", str(names))
    return families


def judge_histogram(name, samples):
    """Buckets grow with their bounds, the last one is everybody's and the count; each series has all of them."""
    series = collections.defaultdict(lambda: ([], {}))
    for labels, value in samples.items():
        rest = dict(labels)
        part, bound = rest.pop(""), rest.pop("le", None)
        need((part == "_bucket") == (bound is not None), "a bucket has a bound, and nothing else has", name)
        buckets, whole = series[tuple(sorted(rest.items()))]
        if part == "_bucket":
            buckets.append((float(bound.replace("+Inf", "inf")), value))
        else:
            whole[part] = value
    need(len({tuple(bound for bound, _ in buckets) for buckets, _ in series.values()}) == 1, "the same bounds everywhere", name)
    for buckets, whole in series.values():
        need(buckets == sorted(buckets) and buckets[-1][0] == float("inf"), "bounds in order, the last infinite", name)
        need([value for _, value in buckets] == sorted(value for _, value in buckets), "cumulative buckets", name)
        need(whole.get("_count") == buckets[-1][1] and "_sum" in whole, "the count is the last bucket's", name)
