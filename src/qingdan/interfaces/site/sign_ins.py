"""登录记录: where an account is signed in, since when, and an end to it from afar."""

import re

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qingdan.foundations.kernel.errors import NotHere
from qingdan.interfaces.shared.doors import door

from .sessions import ROW, end_sign_ins, ended_sign_ins, open_sign_ins

OTHERS = "others"


@door()
def sign_ins(request: HttpRequest) -> HttpResponse:
    """The account's sign-ins; by POST, end one of them or all others."""
    user = request.user
    if not user.is_authenticated:  # the enterprise's link is no account
        raise NotHere
    here = request.session.get(ROW, "")
    if request.method == "POST":
        return _end(request, here)
    return render(
        request,
        "account/sign_ins.html",
        {
            "open": [
                {"one": seen, "browser": browser_words(seen.row.browser)}
                for seen in open_sign_ins(user, here)
            ],
            "over": [
                {"row": row, "browser": browser_words(row.browser)} for row in ended_sign_ins(user)
            ],
        },
    )


def _end(request: HttpRequest, here: str) -> HttpResponse:
    asked = request.POST.get("end", "")
    if asked == OTHERS:
        end_sign_ins(request.user, but=here)
    elif re.fullmatch(r"[0-9]{1,18}", asked):
        mine = {str(one.row.pk): one for one in open_sign_ins(request.user, here)}
        if asked not in mine:  # somebody else's, or over already: both read alike
            raise NotHere
        if mine[asked].here:
            logout(request)
            return redirect("account_login")
        end_sign_ins(request.user, only=int(asked))
    else:
        raise NotHere
    return redirect("account_sign_ins")


# ------------------------------------------------------------------ browsers in words


def browser_words(told: str) -> str:
    """What a User-Agent says, as its owner would: "Edge, Windows"; it may lie."""
    browsers = {
        "wxwork": _("WeCom"),
        "MicroMessenger": _("WeChat"),
        "DingTalk": _("DingTalk"),
        "Edg": "Edge",
        "QQBrowser": _("QQ browser"),
        "360": _("360 browser"),
        "Firefox": "Firefox",
        "Chrome": "Chrome",
        "Safari": "Safari",
    }
    systems = {
        "OpenHarmony": "HarmonyOS",
        "HarmonyOS": "HarmonyOS",
        "iPhone": "iPhone",
        "iPad": "iPad",
        "Android": pgettext("system", "Android"),
        "Windows": "Windows",
        "Mac OS": "macOS",
        "Linux": "Linux",
    }
    browser = next((words for sign, words in browsers.items() if sign in told), "")
    system = next((words for sign, words in systems.items() if sign in told), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")
