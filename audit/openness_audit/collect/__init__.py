"""Raw answers to placed, typed, attributed facts; the only place where text is matched. No network here."""
