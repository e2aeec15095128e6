"""What every report says of an audit, before it is laid out in any format."""
