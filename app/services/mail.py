"""Mail, where the settings name a server: short texts with one link."""

from __future__ import annotations

import logging
import smtplib
import ssl
from email.message import EmailMessage

from app.settings import Mail, Settings

log = logging.getLogger(__name__)


def can_send(settings: Settings) -> bool:
    """Tell whether mail can leave. A link in it must not depend on what a request calls this server."""
    return bool(settings.mail.host and settings.mail.sender and settings.web.public_url)


def send(settings: Mail, to: str, subject: str, text: str) -> None:
    """Send one message; ``OSError`` or ``smtplib.SMTPException`` when the server does not take it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.sender, to, subject
    message.set_content(text)
    with smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_s) as server:
        if settings.encrypted:
            server.starttls(context=ssl.create_default_context())
        if settings.username:
            server.login(settings.username, settings.password)
        server.send_message(message)


def send_or_log(settings: Mail, to: str, subject: str, text: str) -> bool:
    """Send one message and tell whether it left; what failed is logged without address or text."""
    try:
        send(settings, to, subject, text)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("A mail could not be sent: %s", type(error).__name__)
        return False
    return True
