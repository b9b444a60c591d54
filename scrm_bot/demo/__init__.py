"""The whole product on one machine, for trying it out."""
