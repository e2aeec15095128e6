"""What commands that audit have in common: their options, one audit made, one report shown."""
