"""The policy of a call: found, read, judged by; and the commands that show and check one."""
