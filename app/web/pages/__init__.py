"""One router a page, with the forms it sends."""
