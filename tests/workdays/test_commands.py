"""`qd deadline` and `qd uscc` as they are called: JSON lines, exit codes, words, no Django."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qingdan.interfaces.site import pure

SRC = Path(__file__).resolve().parents[2] / "src"


@pytest.fixture(autouse=True)
def _no_language(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


def answers(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_deadline_prints_one_line_with_date_offset_and_reasons(capsys):
    assert pure.deadline(["2023-10-30T10:12", "5wd"]) == 0
    assert answers(capsys) == [
        {
            "due": "2023-11-06T17:30:00+08:00",
            "due_on": "2023-11-06",
            "provisional": False,
            "explanation": [
                "2023年10月30日收到，当天不计。",
                "第5个工作日是2023年11月6日，当日17:30到期。",
                "依据：2023年放假通知（国办发明电〔2022〕16号），已公布。",
            ],
        }
    ]


@pytest.mark.parametrize(
    ("argv", "due"),
    [
        (["2026-11-24T11:00", "2wh"], "2026-11-24T15:30:00+08:00"),
        (["2026-11-24 11:00", "2wh"], "2026-11-24T15:30:00+08:00"),
        (["2026-11-24T03:00Z", "2wh"], "2026-11-24T15:30:00+08:00"),
        (["2026-11-24T04:00+01:00", "2wh"], "2026-11-24T15:30:00+08:00"),
        (["2026-11-24", "24h"], "2026-11-25T00:00:00+08:00"),
        (["2026-11-23", "30wd"], "2027-01-05T17:30:00+08:00"),
        (["2026-11-23", "1wd", "--pause", "2026-11-24/2026-11-25"], "2026-11-25T17:30:00+08:00"),
        (
            [
                "--pause=2026-11-24/2026-11-25",
                "2026-11-23",
                "--pause",
                "2026-11-24T16:00Z/2026-11-25T16:00Z",
                "--data",
                "somewhere",
                "1wd",
            ],
            "2026-11-26T17:30:00+08:00",
        ),
    ],
)
def test_deadline_reads_instants_zones_and_pauses(argv, due, capsys):
    assert pure.deadline(argv) == 0
    assert answers(capsys)[0]["due"] == due


def test_deadline_into_a_year_without_notice_is_provisional_and_says_so(capsys):
    pure.deadline(["2026-11-23", "30wd"])
    answer = answers(capsys)[0]
    assert answer["provisional"] is True
    assert "暂定" in answer["explanation"][-1]


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ([], "用法"),
        (["2026-11-24"], "用法"),
        (["2026-11-24", "1wd", "2wd"], "用法"),
        (["gestern", "1wd"], "“gestern”既不是日期也不是时间"),
        (["2026-13-01", "1wd"], "“2026-13-01”"),
        (["2026-11-24", "1"], "“1”不是有效的时限"),
        (["2026-11-24", "-1wd"], "“-1wd”不是有效的时限"),
        (["2026-11-24", "1wd", "--pause"], "选项--pause后面要有值"),
        (["2026-11-24", "1wd", "--pause", "2026-11-25"], "不是有效的暂停"),
        (["2026-11-24", "1wd", "--pause", "a/b"], "“a”既不是日期"),
        (["2026-11-24", "1wd", "--pause", "2026-11-26/2026-11-25"], "不能早于"),
        (["2026-11-24", "1wd", "--pauze", "x"], "没有--pauze这个选项"),
        (["9999-12-31", "5wd"], "超出了日历的范围"),
        (["0001-01-01", "5wd"], "超出了日历的范围"),
        (["2026-11-24", "5wd", "--pause", "0001-01-01/2026-01-01"], "超出了日历的范围"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_2(argv, says, capsys):
    assert pure.deadline(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1


def test_uscc_answers_each_code_in_order_and_exits_1_for_any_invalid_one(capsys):
    assert pure.uscc(["91430481melcr63f60", "914403001922038217"]) == 1
    assert answers(capsys) == [
        {"code": "91430481MELCR63F60", "valid": True, "reason": None},
        {
            "code": "914403001922038217",
            "valid": False,
            "reason": "第18位校验码是7，按前17位应为6。",
        },
    ]
    assert pure.uscc(["914403001922038216"]) == 0


def test_uscc_without_a_code_is_wrong_use(capsys):
    assert pure.uscc([]) == 2
    assert pure.uscc(["--pause", "x", "914403001922038216"]) == 2
    assert "用法" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variable", "language", "reason"),
    [
        ("LANG", "en_US.UTF-8", "The code has 1 characters, but must have 18."),
        ("LC_ALL", "en_GB", "The code has 1 characters, but must have 18."),
        ("LANG", "zh_CN.UTF-8", "统一社会信用代码应为18位，现为1位。"),
        ("LANG", "C", "统一社会信用代码应为18位，现为1位。"),
    ],
)
def test_reasons_are_chinese_unless_the_terminal_is_english(
    variable, language, reason, monkeypatch, capsys
):
    monkeypatch.setenv(variable, language)
    pure.uscc(["9"])
    assert answers(capsys)[0]["reason"] == reason


def run(code: str, *argv: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    plain = {"PYTHONPATH": str(SRC), "PATH": os.environ["PATH"], **env}
    return subprocess.run(
        [sys.executable, "-c", code, *argv], capture_output=True, check=True, env=plain, timeout=60
    )


def test_neither_command_starts_django_nor_anything_heavy():
    done = run(
        "import sys\n"
        "from qingdan.interfaces.site import pure\n"
        "pure.deadline(['2026-11-24', '5wd']); pure.uscc(['9'])\n"
        "roots = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(roots & {'django', 'numpy', 'argparse', 'asyncio', 'pytest'}))"
    )
    assert done.stdout.decode().splitlines()[-1] == "[]"


def test_words_are_utf_8_whatever_the_terminal_says():
    code = "import sys; from qingdan.interfaces.site import pure; pure.uscc(sys.argv[1:])"
    poor = {
        "LC_ALL": "C",
        "PYTHONIOENCODING": "ascii",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    done = run(code, "９", **poor)
    assert json.loads(done.stdout.decode("utf-8"))["reason"] == "第1位“９”是全角字符，请改用半角。"
