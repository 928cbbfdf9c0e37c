"""How a question is answered, and the faces that show the answer."""
