"""Stripe: cards and bank accounts, whose numbers are typed into Stripe's own fields.

Sources: https://docs.stripe.com/api/payment_intents, https://docs.stripe.com/payments/ach-direct-debit,
https://docs.stripe.com/webhooks
"""
