"""Printed sheets (配る紙): from plain values to PDF, typeset by Typst."""
