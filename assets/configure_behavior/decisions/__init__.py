"""One message in, one decision out: a pure function of message, conversation, context and release."""
