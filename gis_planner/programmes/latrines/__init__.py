"""Latrines: who lacks a toilet, and where cabins may stand away from water."""
