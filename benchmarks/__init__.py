"""Speed and memory of peacebot beside those of a plain LangChain starter: `make bench`."""
