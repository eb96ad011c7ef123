"""The voice gateway: phone calls on one side, RCML over HTTP on the other.

A process of its own (`python -m deskbell.voice`) without Django and without a database. Other rooms
import `voice.client` and nothing else.
"""
