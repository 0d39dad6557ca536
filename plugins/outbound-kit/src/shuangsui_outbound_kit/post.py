"""The way to the mail server: one transaction for all recipients, and nothing is sent unless it takes every one."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from shuangsui import OutsideFailed
from shuangsui_outbound_kit.options import MailOptions

_TAKEN, _FORWARDED, _PERMANENT = 250, 251, 500
_LONGEST = 200


def deliver(options: MailOptions, recipients: Sequence[str], data: bytes) -> str:
    """The server's own acceptance; :class:`OutsideFailed` for anything less than all."""
    with _told(options), _connected(options) as server:
        _step(server.mail(options.sender))
        answers = [server.rcpt(one) for one in recipients]
        if refused := [code for code, _ in answers if code not in (_TAKEN, _FORWARDED)]:
            server.rset()
            raise _refused(options, refused, len(answers))
        return _printable(_step(server.data(data)))


def knock(options: MailOptions) -> None:
    """Connect, greet, log in, and leave."""
    with _told(options), _connected(options) as server:
        _step(server.noop())


@contextmanager
def _connected(options: MailOptions) -> Iterator[smtplib.SMTP]:
    """Encrypted with a certificate that somebody vouches for, and logged in, as the options say.

    However the server takes its leave, what it has accepted before stays accepted.
    """
    server = _greeted(options)
    try:
        if options.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if options.user:
            server.login(options.user, _password(options))
        yield server
    except BaseException:
        server.close()
        raise
    with suppress(smtplib.SMTPException, OSError):
        server.quit()


def _greeted(options: MailOptions) -> smtplib.SMTP:
    """This machine's own name is nobody's business: the greeting has the sender's domain."""
    host, port, name, seconds = options.host, options.port, options.domain, options.timeout_seconds
    if options.security == "ssl":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, local_hostname=name, timeout=seconds, context=context)
    return smtplib.SMTP(host, port, local_hostname=name, timeout=seconds)


def _password(options: MailOptions) -> str:
    found = os.environ.get(options.password_env, "")
    if found and found.isascii():
        return found
    what = "里的发信密码含有中文等字符，邮件协议不能传送" if found else "没有发信密码"
    problem = f"环境变量 {options.password_env} {what}，请管理员设置"
    raise OutsideFailed("email_password", permanent=True, problem=problem)


def _step(answer: tuple[int, bytes]) -> bytes:
    """What the server said to a 250."""
    code, said = answer
    if code != _TAKEN:
        raise smtplib.SMTPResponseException(code, said)
    return said


def _refused(options: MailOptions, codes: Sequence[int], count: int) -> OutsideFailed:
    """For good if one of them is: somebody must mend the address first."""
    said = "、".join(str(code) for code in sorted(set(codes)))
    what = f"{count} 个收件地址中有 {len(codes)} 个没有收下（答复 {said}），没有发给任何一个，请核对地址"
    permanent = any(code >= _PERMANENT for code in codes)
    return OutsideFailed("email_recipients", permanent=permanent, problem=f"{_title(options)}对 {what}")


@contextmanager
def _told(options: MailOptions) -> Iterator[None]:
    """What the server or the way to it complains of, as one sentence without any address."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        permanent = error.smtp_code >= _PERMANENT
        raise _failed(options, "login", f"不接受用户名或密码（答复 {error.smtp_code}）", permanent=permanent) from None
    except smtplib.SMTPNotSupportedError:
        raise _failed(
            options, "unable", "不支持所要求的加密或者登录方式，请核对 security 和 user", permanent=True
        ) from None
    except smtplib.SMTPResponseException as error:
        permanent = error.smtp_code >= _PERMANENT
        raise _failed(options, "refuses", f"没有收下（答复 {error.smtp_code}）", permanent=permanent) from None
    except (smtplib.SMTPException, OSError) as error:
        if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # the library hides it
            raise _failed(options, "timeout", f"在 {options.timeout_seconds} 秒内没有答复") from None
        raise _failed(options, "unreachable", f"没有正常答复（{type(error).__name__}）") from None


def _failed(options: MailOptions, code: str, what: str, *, permanent: bool = False) -> OutsideFailed:
    return OutsideFailed(f"email_{code}", permanent=permanent, problem=f"{_title(options)}{what}")


def _title(options: MailOptions) -> str:
    return f"邮件服务器 {options.host}:{options.port} "


def _printable(said: bytes) -> str:
    text = said.decode("ascii", "replace").replace("\n", " ")
    return "".join(c for c in text if c.isprintable())[:_LONGEST]
