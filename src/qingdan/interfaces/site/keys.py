"""`./qd token` and `./qd factor`: an account's keys, for whoever runs the server."""

from datetime import datetime

from qingdan.domain.people.actions import make_token, revoke_tokens
from qingdan.domain.people.models import ApiToken, User
from qingdan.domain.people.queries import token_ends_at, tokens_of
from qingdan.foundations.kernel import clock

from .models import RecoveryCode, SecondFactor
from .second_factor import forget as take_off
from .trouble import WrongUse, in_words, say


def make(username: str) -> None:
    print(make_token(username))


def show_tokens(username: str) -> None:
    """A line for each: its number, when it was made, and how it stands. Never the token."""
    account(username)
    found = tokens_of(username)
    for token in found:
        print(f"{token.pk}\t{_when(token.real_made_at)}\t{_stands(token)}")
    if not found:
        say(f"{username} has no token", f"{username} 没有令牌")


def _stands(token: ApiToken) -> str:
    end = token_ends_at(token)
    if token.real_revoked_at:
        at = _when(token.real_revoked_at)
        return in_words(f"revoked {at}", f"{at} 已作废")
    if end is None:
        return in_words("valid", "有效")
    if end <= clock.real():
        return in_words(f"ended {_when(end)}", f"{_when(end)} 已到期")
    return in_words(f"valid until {_when(end)}", f"有效期至 {_when(end)}")


def revoke(username: str, token_id: int | None) -> None:
    account(username)
    revoked = revoke_tokens(username, token_id)
    say(
        f"{revoked} token(s) of {username} revoked: refused from now on",
        f"已作废 {username} 的 {revoked} 个令牌，即刻失效",
    )


def factor_of(username: str, *, forget: bool) -> int:
    """Say how it stands, or take it off; 1 if there was none to take off."""
    user = account(username)
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        say(f"{username} has no second factor", f"{username} 没有开启两步验证")
        return 1 if forget else 0
    if forget:
        take_off(user)
        say(
            f"the second factor of {username} is off; an administrator's next sign-in adds one",
            f"已取消 {username} 的两步验证；管理员下次登录时重新设置",
        )
        return 0
    left = RecoveryCode.objects.filter(user=user, real_used_at=None).count()
    since = _when(factor.real_added_at)
    print(
        in_words(
            f"{username}: a second factor since {since}, {left} recovery codes left",
            f"{username}：{since} 起开启两步验证，备用码还剩 {left} 个",
        )
    )
    return 0


def account(username: str) -> User:
    """The account of this name. Raises WrongUse for an unknown one."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise WrongUse(in_words(f"There is no account {username}.", f"没有 {username} 这个账号。"))
    return found


def _when(at: datetime) -> str:
    return f"{at.astimezone(clock.COUNTY_ZONE):%Y-%m-%d %H:%M}"
