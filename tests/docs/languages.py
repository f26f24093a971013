"""Parses blocks in languages whose SDKs the tests cannot install."""

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.runtimes import runtime

_PARSER = Path(__file__).with_name("Parse.java")
# Of Tencent's C++ SDK, what the lines use; its headers need libraries that are not installed.
_CPP = """
#pragma once
#include <string>
namespace TencentCloud {
struct Credential { Credential(const std::string &, const std::string &); };
struct HttpProfile {
  enum class Scheme { HTTP, HTTPS };
  void SetEndpoint(const std::string &);
  void SetProtocol(const Scheme &);
};
struct ClientProfile { explicit ClientProfile(const HttpProfile &); };
namespace Tiw { namespace V20190919 {
struct TiwClient { TiwClient(const Credential &, const std::string &, const ClientProfile &); };
} }
}
"""


def parse_go(text: str, folder: Path) -> str:
    """Return the mistakes of a Go file; no package of it is looked up."""
    return _mistakes([runtime("gofmt"), "-e", _file(folder, "lines.go", text)])


def parse_java(text: str, folder: Path) -> str:
    return _mistakes([runtime("java"), str(_PARSER), _file(folder, "Lines.java", text)])


def parse_php(text: str, folder: Path) -> str:
    return _mistakes([runtime("php"), "-l", _file(folder, "lines.php", text)])


def parse_ruby(text: str, folder: Path) -> str:
    return _mistakes([runtime("ruby"), "-wc", _file(folder, "lines.rb", text)])


def compile_cpp(text: str, folder: Path) -> str:
    """Compile C++ against declarations of our own, and make no program of it."""
    for header in re.findall(r"#include <(.+)>", text):
        (folder / header).parent.mkdir(parents=True, exist_ok=True)
        (folder / header).write_text(_CPP)
    words = ["-std=c++11", "-Wall", "-Werror", "-fsyntax-only", f"-I{folder}"]
    return _mistakes([runtime("g++"), *words, _file(folder, "lines.cpp", text)])


PARSERS: Mapping[str, Callable[[str, Path], str]] = {
    "go": parse_go,
    "java": parse_java,
    "php": parse_php,
    "ruby": parse_ruby,
    "cpp": compile_cpp,
}


def _file(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def _mistakes(command: list[str]) -> str:
    clean = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env=clean, timeout=120
    )
    return "" if run.returncode == 0 else f"{run.stdout}{run.stderr}"
