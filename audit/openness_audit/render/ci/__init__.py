"""What CI servers and code hosts show: SARIF, JUnit, summaries, comments and badges."""
