"""Pairs of (question, text) that contradict each other, and pairs that only look like it. The product is invented.

The limits of `aligned_sentences` and `contradictions` were set on these pairs; they are no proof of how the detector
does on other texts.
"""

CONTRADICTING = [
    (
        "number",
        ("Reset your password", "The link in the mail works for 60 minutes."),
        ("I forgot my password", "Your reset link is valid for 24 hours."),
    ),
    (
        "number",
        ("Cancel a booking", "Guests can cancel free of charge up to 48 hours before the start."),
        ("Cancellation rules", "You can cancel without a fee until 24 hours before the booking starts."),
    ),
    (
        "number",
        ("Refund policy", "We refund annual plans within 14 days of purchase."),
        ("How do I get my money back?", "If you ask within 30 days of buying, we refund your annual plan."),
    ),
    (
        "number",
        ("Prices", "The Pro plan costs EUR 12 per seat and month."),
        ("Upgrade to Pro", "Pro is EUR 15 per seat and month."),
    ),
    (
        "number",
        ("Upload files", "Each file may be up to 100 MB."),
        ("Attach a file to a booking", "Files can be at most 25 MB."),
    ),
    (
        "number",
        ("Invite your team", "Invitations expire after 7 days."),
        ("A colleague did not get the invitation", "The invitation is valid for 3 days; send a new one afterwards."),
    ),
    (
        "number",
        ("Delete your account", "After deletion we keep your data for 30 days."),
        ("What happens to my data when I leave?", "Your data is kept for 90 days after you delete the account."),
    ),
    (
        "number",
        ("Choose a safe password", "A password needs at least 8 characters."),
        ("Change your password", "Your new password must have at least 12 characters."),
    ),
    (
        "number",
        ("Restore a deleted calendar", "Deleted calendars stay in the bin for 30 days."),
        ("Get a calendar back", "You find deleted calendars in the bin for 14 days."),
    ),
    (
        "number",
        ("Free trial", "The trial runs for 14 days."),
        ("Try Larkfield for free", "You can try everything for 30 days, no card needed."),
    ),
    (
        "number",
        ("When is support reachable?", "We answer Monday to Friday from 9:00 to 17:00 CET."),
        ("Contact us", "Support is there from 8:00 to 18:00 CET on working days."),
    ),
    (
        "number",
        ("Discounts for schools", "Schools get 50% off every plan."),
        ("Education pricing", "We give schools a discount of 30% on all plans."),
    ),
    (
        "number",
        ("Devices", "You can be signed in on 5 devices at the same time."),
        ("Sign in on another device", "An account works on up to 3 devices at once."),
    ),
    (
        "number",
        ("Passwort zurücksetzen", "Der Link ist 60 Minuten gültig."),
        ("Passwort vergessen", "Der Link zum Zurücksetzen gilt 24 Stunden."),
    ),
    (
        "number",
        ("Export your data", "We mail you the export within 24 hours."),
        ("Download everything you stored", "The export can take up to 3 days to arrive by mail."),
    ),
    (
        "yes",
        ("Ways to pay", "We accept cards, PayPal and bank transfer."),
        ("Pay by bank transfer", "Bank transfers are not accepted at the moment."),
    ),
    (
        "yes",
        ("Restore a deleted calendar", "An admin can restore a deleted calendar from the bin."),
        ("Delete a calendar", "A deleted calendar cannot be restored."),
    ),
    (
        "yes",
        ("Guests", "Guests can invite other people to a calendar."),
        ("What may a guest do?", "Guests cannot invite other people."),
    ),
    (
        "yes",
        ("Refunds for monthly plans", "Monthly plans are not refunded."),
        ("Get a refund", "We refund monthly plans for the current month."),
    ),
    (
        "yes",
        ("Change the workspace address", "The address of a workspace cannot be changed."),
        ("Rename a workspace", "An owner can change the workspace address under Settings."),
    ),
    (
        "yes",
        ("What the Free plan holds", "Reminders are included in the Free plan."),
        ("Reminders", "Reminders are not part of the Free plan."),
    ),
    (
        "yes",
        ("Work offline", "The app works without a connection; changes sync later."),
        ("Do I need the internet?", "Larkfield cannot be used offline."),
    ),
    (
        "yes",
        ("Downgrade your plan", "Your calendars are kept when you downgrade."),
        ("What happens if I downgrade?", "Calendars above the limit are deleted when you downgrade."),
    ),
    ("yes", ("Can I export my data?", "Yes, as a CSV file."), ("Can I export data?", "No, this is not possible.")),
    (
        "yes",
        ("Merge two accounts", "Two accounts can be merged by support."),
        ("Can I merge my accounts?", "It is not possible to merge accounts."),
    ),
    (
        "yes",
        ("VAT number on invoices", "You can add a VAT number to past invoices."),
        ("Change an invoice", "A VAT number cannot be added to past invoices."),
    ),
    (
        "step",
        ("Change your e-mail address", "Open **Settings > Profile > E-mail** and enter the new address."),
        ("Use a different e-mail address", "Go to **Account > Login details** and type your new e-mail address."),
    ),
    (
        "step",
        ("Download an invoice", "Go to Billing > Invoices and press **Download**."),
        ("Where do I find my invoices?", "Open Workspace > Payments > Receipts and click the arrow."),
    ),
]
COMPATIBLE = [
    (
        ("Prices", "The Pro plan costs EUR 12 per seat and month."),
        ("Prices", "The Team plan costs EUR 20 per seat and month."),
    ),
    (("Free plan limits", "The Free plan holds 3 calendars."), ("Pro plan limits", "The Pro plan holds 50 calendars.")),
    (
        ("Reset your password", "The link works for 60 minutes."),
        ("Invite your team", "Invitations expire after 7 days."),
    ),
    (
        ("Reset your password", "Wait 5 minutes before you ask for another mail."),
        ("I forgot my password", "The link in the mail works for 60 minutes."),
    ),
    (("Free trial", "The trial runs for 14 days."), ("Refund policy", "We refund annual plans within 30 days.")),
    (
        ("Restore a deleted calendar", "Deleted calendars stay in the bin for 30 days."),
        ("Delete your account", "After deletion we keep your data for 90 days."),
    ),
    (("Upload files", "Each file may be up to 100 MB."), ("Storage", "A Pro workspace holds 50 GB.")),
    (("Ways to pay", "We accept cards and PayPal."), ("Card declined", "If your card is not accepted, ask your bank.")),
    (("Guests", "Guests can see a calendar."), ("Members", "Members cannot see private calendars of others.")),
    (
        ("Restore a calendar", "An admin can restore a deleted calendar."),
        ("Delete your account", "A deleted account cannot be restored."),
    ),
    (("Cancel", "You can cancel at any time."), ("Cancel", "You cannot cancel unless you are the owner.")),
    (
        ("Sign in", "If you cannot sign in, reset your password."),
        ("Sign in with SSO", "You can sign in with your company account."),
    ),
    (
        ("Change the currency", "The currency cannot be changed after the first payment."),
        ("Change your plan", "You can change your plan at any time."),
    ),
    (("Install on Windows", "You need Windows 10 and 4 GB of memory."), ("Install on Mac", "You need 8 GB of memory.")),
    (
        ("Payment failed", "We try the card again after 3 days."),
        ("Payment failed", "After 14 days without payment the workspace is locked."),
    ),
    (("Monthly billing", "You pay EUR 12 per month."), ("Annual billing", "You pay EUR 120 per year.")),
    (
        ("Connect your calendar to Slack", "Slack messages arrive within 5 minutes."),
        ("Connect your calendar to Outlook", "Outlook events arrive within 30 minutes."),
    ),
    (
        ("Two-step sign-in", "A code is valid for 30 seconds."),
        ("Reset your password", "The link is valid for 60 minutes."),
    ),
    (
        ("Export", "The export holds all bookings of the last 12 months."),
        ("Statistics", "The chart shows the last 3 months of bookings."),
    ),
    (
        ("Change your name", "Open Settings > Profile > Name."),
        ("Change your photo", "Open Team > People and click a photo."),
    ),
    (
        ("Reminders", "You can switch reminders off."),
        ("Reminder mails", "You cannot edit the text of a reminder mail."),
    ),
    (("Invoices", "Invoices are sent on the 1st of the month."), ("Invoices", "You can download 24 invoices at once.")),
    (
        ("Cancel a subscription", "Your data is kept for 30 days."),
        ("Pause a subscription", "You can pause for up to 3 months."),
    ),
    (
        ("Delete a calendar", "Deleted calendars can be restored for 30 days."),
        ("Delete a calendar", "After 30 days a calendar is deleted for good."),
    ),
]
