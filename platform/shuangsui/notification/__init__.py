"""通知: alerts brought to the people they are addressed to, through the notifiers of plugins; one digest a day each."""
