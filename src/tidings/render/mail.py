"""The newsletter as an e-mail: its view to HTML with styles in place, text, and message. Pure.

HTML comes from the theme's template `newsletter/mail.html`. Mail programs drop style sheets, so
css-inline (the extra `newsletter`) writes the styles into the elements.
"""

from __future__ import annotations

import hashlib
import importlib.util
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

import msgspec

from tidings.model.diagnostic import Outcome
from tidings.model.page import PagePlan
from tidings.model.view import NewsletterView, PageView, SiteView
from tidings.render.html import open_renderer
from tidings.render.mail_headers import header_registry, header_text
from tidings.render.mail_text import mail_text
from tidings.render.theme import Theme

TEMPLATE = "newsletter/mail.html"
KEPT = ' data-css-inline="keep"'
"""Mark of a style sheet that stays one; of no use to readers."""


class Envelope(msgspec.Struct, frozen=True):
    """What the message says beside its contents."""

    sender: str
    """One address, perhaps with a name, as in a `From:` line."""
    to: str
    """As in a `To:` line; empty for none."""
    sent_at: datetime
    """Aware."""
    host: str
    """Host of the site."""


class Mail(msgspec.Struct, frozen=True):
    """The e-mail in all forms, each UTF-8 or ASCII."""

    html: bytes
    text: bytes
    message: bytes
    """A whole message (RFC 5322) with text and HTML as alternatives."""


def can_inline() -> bool:
    """Whether the extra `newsletter` is installed."""
    return importlib.util.find_spec("css_inline") is not None


def render_mail_html(theme: Theme, site: SiteView, page: PageView) -> Outcome[bytes]:
    """The HTML of the e-mail, or the diagnostic of its template."""
    import css_inline

    # What minifying takes out, such as comments for Outlook, an e-mail needs.
    plain = msgspec.structs.replace(site, minify=False)
    plan = PagePlan(path="", template=TEMPLATE, origin="", view=page)
    made = open_renderer(theme, plain)(plan)
    if made.value is None:
        return made
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    html = inliner.inline(made.value.decode("utf-8")).replace(KEPT, "")
    return Outcome(html.encode("utf-8", "replace").strip() + b"\n")


def write_mail(site: SiteView, page: PageView, html: bytes, envelope: Envelope) -> Mail:
    """The e-mail with this HTML. Its `Message-ID` is made from all but `sent_at`."""
    text = mail_text(site, page).encode("utf-8", "replace")
    told = page.newsletter
    assert told is not None
    return Mail(html, text, _message(told, (text, html), envelope))


def _message(told: NewsletterView, parts: tuple[bytes, bytes], envelope: Envelope) -> bytes:
    text, html = parts
    facts = (told.subject, envelope.sender, envelope.to, envelope.host)
    digest = hashlib.blake2b(repr(facts).encode("utf-8", "replace"), digest_size=16)
    digest.update(text + b"\0" + html)
    identity = digest.hexdigest()
    domain = parseaddr(envelope.sender)[1].rpartition("@")[2]
    message = EmailMessage(policy=SMTP.clone(header_factory=header_registry()))
    message["Subject"] = header_text(told.subject)
    message["From"] = envelope.sender
    if envelope.to:
        message["To"] = envelope.to
    message["Date"] = format_datetime(envelope.sent_at)
    message["Message-ID"] = f"<newsletter.{identity}@{domain}>"
    message["List-Id"] = f"<newsletter.{envelope.host}>"
    message["List-Unsubscribe"] = f"<{told.unsubscribe_url}>"
    if told.unsubscribe_url.lower().startswith("https:"):
        # RFC 8058, section 3.1: exactly this, and only beside an https address.
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text.decode(), cte="quoted-printable")
    message.add_alternative(html.decode(), subtype="html", cte="quoted-printable")
    # Python would draw lots. No line of quoted-printable text can hold these first two marks
    # (RFC 2045, section 6.7).
    message.set_boundary(f"=_{identity}")
    return message.as_bytes()
