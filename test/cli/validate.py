#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Validate JSON documents of ltpin: validate.py SCHEMA FILE... ("-" is standard input).

Stricter than a JSON parser has to be: a key twice, NaN and infinity are errors.
Prints what is wrong, one line each; exit status 1 if anything is.
"""
import json
import sys


def once(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key occurs twice in %r" % [key for key, _ in pairs])
    return members


def no_constant(name):
    raise ValueError("%s is not JSON" % name)


def parse(text):
    return json.loads(text, object_pairs_hook=once, parse_constant=no_constant)


def load(path):
    with sys.stdin.buffer if path == "-" else open(path, "rb") as stream:
        return parse(stream.read().decode("utf-8"))


def validator_of(schema):
    from jsonschema import validators

    cls = validators.validator_for(schema)
    cls.check_schema(schema)
    return cls(schema)


def errors(validator, path):
    try:
        document = load(path)
    except ValueError as error:
        return ["%s: %s" % (path, error)]
    return ["%s: /%s: %s" % (path, "/".join(map(str, error.absolute_path)), error.message)
            for error in validator.iter_errors(document)]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    validator = validator_of(load(sys.argv[1]))
    found = [line for path in sys.argv[2:] for line in errors(validator, path)]
    for line in found:
        print(line[:500])
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
