"""Inference with few clusters."""
