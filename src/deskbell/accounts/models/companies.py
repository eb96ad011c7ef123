"""What a company says about itself. Source: seed 000, "My Accounts"."""

from __future__ import annotations

from django.db import models

from .pictures import Picture


class Company(models.Model):
    """Company information, logo and branding: an account's own, or that of one of its numbers.

    What a number leaves blank is its account's.
    """

    company_name = models.CharField(max_length=200, blank=True, help_text="Said and shown for it")
    company_phone = models.CharField(max_length=32, blank=True)
    company_email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    address = models.TextField(blank=True, help_text="As on a letter, in lines")
    about = models.TextField(blank=True, help_text="What receptionists should know of it")
    colour = models.CharField(max_length=7, blank=True, help_text="#rrggbb, beside its logo")
    logo = models.ForeignKey(
        Picture, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True
