"""What each verb does in a call: one module for each, or for a few that are alike.

A handler takes the call, the verb and the page it stands in; it gives the page to go on with, or
None for the next verb. A new verb is one handler and one line in `registry.py`.
"""
