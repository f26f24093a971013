"""The ground floor: documents about the vendors, and the rules made from them."""
