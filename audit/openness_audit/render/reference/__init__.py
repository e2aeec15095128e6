"""What the rules, licences, profiles and schemas say of themselves."""
