"""Pages, forms and fragments: what people see."""
