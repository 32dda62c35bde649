"""What an office says on its own screens: `views` its sentences with a preview, `slides` and their `pictures`.

The screens fetch it with their configuration: `kiosk/touch/own_words`.
"""
