# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands that a shell script names: a small reader of the shell's grammar."""
import re

# A reserved word after which a command may follow at once, or may not.
BEFORE = {"if", "then", "else", "elif", "while", "until", "do", "{", "!", "time"}
AFTER = {"fi", "done", "esac", "}"}

BUILTINS = set(""". : [ alias bg break builtin caller cd command compgen complete continue declare
    dirs echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local
    logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source
    suspend test times trap true type typeset ulimit umask unalias unset wait""".split())

# What is followed by another command, after options and words such as NAME=VALUE or 10m.
WRAPPERS = {"command", "env", "exec", "nice", "nohup", "setpriv", "timeout", "xargs", "unshare",
            "ionice", "chroot"}

WORD_END = " \t\n;&|()<>"


class Script:
    """Of a script: words (a list each) of simple commands, arrays, and functions it defines."""

    def __init__(self, text):
        self.text = text.replace("\\\n", " ")
        self.at = 0
        self.commands = []
        self.arrays = {}
        self.functions = set()
        self.heredocs = []
        while self.at < len(self.text):
            self.list_until("")
            self.at += 1

    def peek(self, nr=1):
        return self.text[self.at:self.at + nr]

    def newline(self):
        """Behind the end of a line, and the here-documents that begin there."""
        self.at += 1
        for end, tabs in self.heredocs:
            while self.at < len(self.text):
                line, _, _ = self.text[self.at:].partition("\n")
                self.at += len(line) + 1
                if (line.lstrip("\t") if tabs else line) == end:
                    break
        self.heredocs = []

    def list_until(self, end):
        """Commands up to the character @end, which stays."""
        words, in_case = [], 0
        while self.at < len(self.text):
            char = self.peek()
            if char in " \t":
                self.at += 1
            elif char == "#":
                self.at = (self.text + "\n").index("\n", self.at)
            elif char == end and char:
                break
            elif char in "\n;&|":
                self.add(words)
                words = []
                if char == "\n":
                    self.newline()
                elif self.peek(2) == ";;":
                    self.at += 2
                    if in_case:
                        self.pattern()
                else:
                    self.at += 1
            elif char in "<>":
                self.redirect()
            elif char == "(":
                words = self.parenthesis(words)
            elif char == ")":
                self.at += 1
            else:
                words, in_case = self.next_word(words, in_case)
        self.add(words)

    def next_word(self, words, in_case):
        word = self.word()
        if self.peek() in ("<", ">") and re.fullmatch(r"\d+|\{\w+\}", word or ""):
            return words, in_case  # the number of a redirection
        if words or word not in BEFORE | AFTER | {"[["}:
            words.append(word)
        elif word == "[[":
            self.at = self.text.index("]]", self.at) + 2
        elif word == "esac":
            in_case -= 1
        if len(words) == 3 and words[0] == "case" and word == "in":
            in_case += 1
            self.pattern()
            words = []
        return words, in_case

    def pattern(self):
        """Behind the patterns of a case, unless it ends."""
        match = re.compile(r"(\s|#.*)*(?!esac\b)(?:\(?(?:'[^']*'|\"[^\"]*\"|\\.|[^()'\"\\])*\))").match(
            self.text, self.at)
        if match:
            self.at = match.end()

    def parenthesis(self, words):
        if self.peek(2) == "((":
            self.at = self.text.index("))", self.at) + 2
            return words
        if len(words) == 1 and re.match(r"\(\s*\)", self.text[self.at:]):
            self.functions.add(words[0])
            self.at = self.text.index(")", self.at) + 1
            return []
        self.at += 1
        self.list_until(")")
        self.at += 1
        return words

    def redirect(self):
        match = re.compile(r"<<<|<<-?|[<>]&|>>|<>|>\||[<>](?=\()|[<>]").match(self.text, self.at)
        self.at = match.end()
        if self.peek() == "(":
            self.parenthesis([])
            return
        while self.peek() in (" ", "\t"):
            self.at += 1
        begin = self.at
        self.word()
        if match.group() in ("<<", "<<-"):
            end = re.sub(r"[\\'\"]", "", self.text[begin:self.at])
            self.heredocs.append((end, match.group() == "<<-"))

    def word(self):
        """The next word if it is literal, else None."""
        literal, begin = "", self.at
        while self.at < len(self.text) and self.peek() not in WORD_END:
            char = self.peek()
            part = None
            if char == "'":
                end = self.text.index("'", self.at + 1)
                part = self.text[self.at + 1:end]
                self.at = end + 1
            elif char == '"':
                part = self.quoted()
            elif char == "\\":
                part = self.peek(2)[1:]
                self.at += 2
            elif char == "$" and self.peek(2) != "$'":
                self.expansion()
            elif char == "`":
                self.at = self.text.index("`", self.at + 1) + 1
            else:
                part = char
                self.at += 1
            literal = None if part is None or literal is None else literal + part
            if self.peek() == "(" and re.fullmatch(r"\w+\+?=", self.text[begin:self.at]):
                self.array(self.text[begin:self.at].rstrip("+="))
                literal = None
                break
        return self.assigned(begin) or literal

    def assigned(self, begin):
        """An assignment is a word of its own kind."""
        match = re.match(r"\w+(\[[^]]*\])?\+?=", self.text[begin:self.at])
        return match.group() if match else None

    def array(self, name):
        self.at += 1
        words = []
        while self.at < len(self.text) and self.peek() != ")":
            if self.peek() in " \t\n":
                self.at += 1
            elif self.peek() == "#":
                self.at = self.text.index("\n", self.at)
            elif self.peek() in WORD_END:
                self.at += 1
            else:
                words.append(self.word())
        self.at += 1
        self.arrays.setdefault(name, []).append(words)

    def quoted(self):
        literal, self.at = "", self.at + 1
        while self.at < len(self.text) and self.peek() != '"':
            if self.peek() == "\\":
                literal = literal and literal + self.peek(2)[1:]
                self.at += 2
            elif self.peek() == "$":
                self.expansion()
                literal = None
            else:
                literal = literal if literal is None else literal + self.peek()
                self.at += 1
        self.at += 1
        return literal

    def expansion(self):
        """Behind what begins with a dollar."""
        if self.peek(3) == "$((":
            self.at = self.text.index("))", self.at) + 2
        elif self.peek(2) == "$(":
            self.at += 2
            self.list_until(")")
            self.at += 1
        elif self.peek(2) == "${":
            self.brace()
        else:
            self.at += max(1, len(re.match(r"\$\w*", self.text[self.at:]).group()))

    def brace(self):
        self.at += 2
        while self.at < len(self.text) and self.peek() != "}":
            if self.peek() == "$" and self.peek(2) in ("$(", "${"):
                self.expansion()
            elif self.peek() == "\\":
                self.at += 2
            else:
                self.at += 1
        self.at += 1

    def add(self, words):
        while words and words[0] and re.fullmatch(r"\w+(\[.*\])?\+?=", words[0]):
            words = words[1:]
        if not words or words[0] in ("for", "select", "in"):
            return
        if words[0] == "function":
            self.functions.add(words[1])
        elif words[0] is not None:
            self.commands.append(words)


def handed_on(words):
    """Words that may be commands too: behind a wrapper, or behind find's -exec."""
    if words[0] == "find":
        return [words[i + 1] for i, word in enumerate(words[:-1]) if word in ("-exec", "-execdir")]
    return words[1:]
