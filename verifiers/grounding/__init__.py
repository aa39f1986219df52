"""Verification of responses that must rest on a source passage."""
