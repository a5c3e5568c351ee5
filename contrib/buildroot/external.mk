include $(sort $(wildcard $(BR2_EXTERNAL_LTPIN_PATH)/*/*.mk))
