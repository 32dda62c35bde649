"""The touch screen in a real browser before the real app: what people touch, what is kept, what arrives."""
