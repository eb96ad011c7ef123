"""To Dos: texts, mails and calls that go out by themselves, at a time or again and again."""
